/**
 * A node's own machine: its disk, injected. What a kubelet remembers beyond the API lies here
 * (sandboxes, containers, logs, images, back-off counters), as on a real node's disk.
 */
export interface Disk {
  /** Frozen JSON-like value, or undefined. The same reference until the next `put`. */
  get<T>(name: string): T | undefined;
  put(name: string, value: unknown): void;
  delete(name: string): void;
  /** Names with this prefix, sorted. */
  names(prefix: string): readonly string[];
}
/** Gives the kubelet of a node its disk. */
export type Machines = (node: string) => Disk;
