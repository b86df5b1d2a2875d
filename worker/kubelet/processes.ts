/**
 * The processes of running containers, made again from the records whenever somebody needs them.
 * A cache by container id, bounded; nothing in it is state.
 */
import type { V1Container, V1Pod } from "#apimachinery/api/core-v1.ts";
import { lookUp } from "./images/catalogue.ts";
import type { Image } from "./images/image.ts";
import type { OwnCommands } from "./images/own-commands.ts";
import { allHeard } from "./heard-record.ts";
import { parseReference } from "./images/reference.ts";
import { toolsOf } from "./images/tools.ts";
import type { ContainerRecord } from "./pod-record.ts";
import { emptyDirs } from "./shared-volumes.ts";
import type { Beside, Layer, Process } from "./programs/process.ts";
import { processOf } from "./programs/start.ts";
import { containersOf } from "./worker.ts";

const bound = 1000;

/** The image a record's container was made of. */
export function imageOf(record: ContainerRecord): Image | undefined {
  const reference = parseReference(record.image);
  const image = typeof reference === "string" ? undefined : lookUp(reference);
  return typeof image === "string" ? undefined : image;
}

/** The command of an image when the Pod names none. */
export const argvOf = (
  image: Image,
  command: readonly string[],
  args: readonly string[],
): readonly string[] =>
  command.length > 0
    ? [...command, ...args]
    : args.length > 0
      ? [...(image.entrypoint ?? []), ...args]
      : [...(image.entrypoint ?? []), ...(image.cmd ?? [])];

/** What a process needs of the machine it runs on. */
export interface ProcessWorld {
  layer(node: string, id: string): Layer | undefined;
  beside(node: string, id: string): readonly Beside[] | undefined;
  /** What is in a container's emptyDirs now. */
  shared(pod: V1Pod, container: V1Container, nowMs: number): Readonly<Record<string, string>>;
  /** /etc/hosts and /etc/resolv.conf of a Pod's containers. */
  etc(pod: V1Pod): Readonly<Record<string, string>>;
}

export class ProcessTable {
  readonly #byId = new Map<string, Process>();
  readonly #world: ProcessWorld;

  constructor(world: ProcessWorld) {
    this.#world = world;
  }

  of(pod: V1Pod, record: ContainerRecord): Process | undefined {
    const present = this.#byId.get(record.id);
    if (present !== undefined) return present;
    const image = imageOf(record);
    if (image === undefined) return undefined;
    const spec = specOf(pod, record.name);
    const isSharing = spec !== undefined && emptyDirs(pod, spec).length > 0;
    const process = processOf(image, {
      argv: argvIn(record, image),
      env: record.env ?? {},
      files: record.files,
      hostname: hostnameOf(pod),
      ports: image.ports ?? portsOf(pod, record.name),
      startedMs: record.startedMs,
      stdin: spec?.stdin,
      mounts: spec?.volumeMounts?.map(({ mountPath }) => mountPath),
      ...(isSharing
        ? { shared: (atMs) => this.#world.shared(pod, spec, record.startedMs + atMs) }
        : {}),
      beside: this.#world.beside(pod.spec?.nodeName ?? "", record.id),
      layer: () => this.#world.layer(pod.spec?.nodeName ?? "", record.id),
      tools: toolsIn(record, image),
      own: ownIn(record, image),
      etc: () => this.#world.etc(pod),
      ...(record.heard === undefined ? {} : { heard: allHeard(record.heard) }),
    });
    if (this.#byId.size >= bound) {
      const oldest = this.#byId.keys().next().value;
      if (oldest !== undefined) this.#byId.delete(oldest);
    }
    this.#byId.set(record.id, process);
    return process;
  }

  forget(id: string): void {
    this.#byId.delete(id);
  }
}

/** What the container runs. */
export const argvIn = ({ argv }: ContainerRecord, image: Image): readonly string[] =>
  argv.length > 0 ? argv : argvOf(image, [], []);

/** Which commands that use the network the container has. */
export const toolsIn = (
  { image: name }: ContainerRecord,
  image: Image,
): readonly string[] | undefined => toolsOf(image, name);

/** What the image's own programs answer. */
export function ownIn({ image: name }: ContainerRecord, image: Image): OwnCommands | undefined {
  if (image.own === undefined) return undefined;
  const reference = parseReference(name);
  return image.own(typeof reference === "string" ? "" : reference.tag);
}

export const hostnameOf = ({ metadata, spec }: V1Pod): string =>
  spec?.hostNetwork ? (spec.nodeName ?? "") : (spec?.hostname ?? metadata.name ?? "");

/** A container's part of the Pod's spec. */
export const specOf = (pod: V1Pod, name: string): V1Container | undefined =>
  containersOf(pod).find((container) => container.name === name);

/** An image that exposes nothing listens on what the Pod declares. */
const portsOf = (pod: V1Pod, name: string): readonly number[] =>
  specOf(pod, name)?.ports?.map(({ containerPort }) => containerPort) ?? [];
