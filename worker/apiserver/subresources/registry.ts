/** Every subresource that is answered at once; streams (log, exec, …) are in `streams/registry.ts`. */
import { approval } from "./approval.ts";
import { binding } from "./binding.ts";
import { eviction } from "./eviction/eviction.ts";
import { finalize } from "./finalize.ts";
import { ephemeralContainers, resize } from "./pod-parts.ts";
import { scale } from "./scale.ts";
import { status } from "./status.ts";
import type { Subresource } from "./subresource.ts";
import { token } from "./token.ts";

export const subresources: readonly Subresource[] = [
  status,
  scale,
  binding,
  eviction,
  finalize,
  ephemeralContainers,
  resize,
  approval,
  token,
];
