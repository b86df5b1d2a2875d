/** Subresources whose answer is a stream of the kubelet's, not an object. */
import { attach } from "./attach.ts";
import { exec } from "./exec.ts";
import { log } from "./log.ts";
import { portForward } from "./port-forward.ts";
import { nodeProxy } from "./proxy/node.ts";
import { podProxy } from "./proxy/pod.ts";
import { serviceProxy } from "./proxy/service.ts";
import type { Stream } from "./stream.ts";

export const streams: readonly Stream[] = [
  log,
  exec,
  attach,
  portForward,
  podProxy,
  serviceProxy,
  nodeProxy,
];
