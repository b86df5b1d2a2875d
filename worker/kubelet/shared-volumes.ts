/**
 * emptyDirs: what a Pod's containers write there outlives each of them and is seen by the others.
 * Upstream: pkg/volume/emptydir.
 * Differs: what the script of another container writes there meanwhile is seen by servers, probes and commands, and by
 * scripts as it was when their container began, because what a script does is worked out ahead.
 */
import type { V1Container, V1Pod, V1VolumeMount } from "#apimachinery/api/core-v1.ts";
import type { ContainerRecord, PodRecord } from "./pod-record.ts";
import { containersOf } from "./worker.ts";

/** Path below the volume → text. */
type Contents = Readonly<Record<string, string>>;
/** What was left in a Pod's volumes, by their names. */
export type Volumes = Readonly<Record<string, Contents>>;

/** Characters that a Pod's volumes keep: its record is one row of its node's disk. */
const mostCharacters = 200_000;

/** Where a container has emptyDirs. */
export function emptyDirs(
  { spec }: V1Pod,
  { volumeMounts }: V1Container,
): readonly V1VolumeMount[] {
  if (volumeMounts === undefined || spec?.volumes === undefined) return none;
  const { volumes } = spec;
  const found = volumeMounts.filter(
    (mount) => volumes.find(({ name }) => name === mount.name)?.emptyDir !== undefined,
  );
  return found.length === 0 ? none : found;
}
const none: readonly V1VolumeMount[] = [];

/** The mount's path, with a slash at its end. */
const rootOf = ({ mountPath }: V1VolumeMount): string => mountPath.replace(/\/*$/, "/");
const below = ({ subPath }: V1VolumeMount): string =>
  subPath === undefined || subPath === "" ? "" : `${subPath.replace(/^\/|\/$/g, "")}/`;

/** What a container has made of its volumes: its files now, and those it began with. */
export interface Wrote {
  readonly files: ReadonlyMap<string, string>;
  readonly first: Contents | undefined;
}

/** The volumes after it: what it found and left as it was is not its own. */
export function kept(
  before: Volumes = {},
  mounts: readonly V1VolumeMount[],
  { files, first = {} }: Wrote,
): Volumes {
  const after: Record<string, Contents> = { ...before };
  for (const mount of mounts) {
    if (mount.readOnly === true) continue;
    const [root, part] = [rootOf(mount), below(mount)];
    const contents: Record<string, string> = { ...after[mount.name] };
    for (const [path, text] of files)
      if (path.startsWith(root) && path !== root && first[path] !== text)
        contents[part + path.slice(root.length)] = text;
    for (const path of Object.keys(first))
      if (path.startsWith(root) && !files.has(path))
        delete contents[part + path.slice(root.length)];
    after[mount.name] = contents;
  }
  return JSON.stringify(after).length > mostCharacters ? before : after;
}

/** Absolute path → text, as a container with these mounts sees the volumes. */
export function seen(volumes: Volumes = {}, mounts: readonly V1VolumeMount[]): Contents {
  const files: Record<string, string> = {};
  for (const mount of mounts) {
    const [root, part] = [rootOf(mount), below(mount)];
    for (const [path, text] of Object.entries(volumes[mount.name] ?? {}))
      if (path.startsWith(part)) files[root + path.slice(part.length)] = text;
  }
  return files;
}

/** The volumes now: what was left, and what those that run have written since. */
export function volumesNow(
  pod: V1Pod,
  record: PodRecord,
  filesOf: (container: ContainerRecord) => ReadonlyMap<string, string> | undefined,
): Volumes {
  let volumes = record.volumes ?? {};
  for (const [at, spec] of containersOf(pod).entries()) {
    const container = record.containers[at];
    const mounts = emptyDirs(pod, spec);
    if (container?.state !== "running" || mounts.length === 0) continue;
    const files = filesOf(container);
    if (files !== undefined) volumes = kept(volumes, mounts, { files, first: container.files });
  }
  return volumes;
}
