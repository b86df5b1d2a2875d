/**
 * The processes of running containers, made again from the records whenever somebody needs them.
 * A cache by container id, bounded; nothing in it is state.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { lookUp } from "./images/catalogue.ts";
import type { Image } from "./images/image.ts";
import { parseReference } from "./images/reference.ts";
import type { ContainerRecord } from "./pod-record.ts";
import type { Process } from "./programs/process.ts";
import { processOf } from "./programs/start.ts";

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

export class ProcessTable {
  readonly #byId = new Map<string, Process>();

  of(pod: V1Pod, record: ContainerRecord): Process | undefined {
    const present = this.#byId.get(record.id);
    if (present !== undefined) return present;
    const image = imageOf(record);
    if (image === undefined) return undefined;
    const process = processOf(image, {
      argv: record.argv.length > 0 ? record.argv : argvOf(image, [], []),
      env: record.env ?? {},
      files: record.files,
      hostname: pod.spec?.hostNetwork
        ? (pod.spec.nodeName ?? "")
        : (pod.spec?.hostname ?? pod.metadata.name ?? ""),
      ports: image.ports ?? portsOf(pod, record.name),
      startedMs: record.startedMs,
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

/** An image that exposes nothing listens on what the Pod declares. */
const portsOf = ({ spec }: V1Pod, name: string): readonly number[] =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]
    .find((container) => container.name === name)
    ?.ports?.map(({ containerPort }) => containerPort) ?? [];
