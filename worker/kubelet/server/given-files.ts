/** Files that the kubelet gives a container beside its image's own: its volumes, names of hosts and of name servers. */
import { volumeFiles } from "#kubelet/mounted-files.ts";
import { specOf } from "#kubelet/processes.ts";
import type { Reader } from "#kubelet/worker.ts";

/** Absolute path → text. Throws to wait for a token's signature. */
export function givenFiles(
  on: Reader,
  container: string,
  etc: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const spec = specOf(on.pod, container);
  return new Map([
    ...Object.entries(etc),
    ...Object.entries(spec === undefined ? {} : volumeFiles(on, spec)),
  ]);
}
