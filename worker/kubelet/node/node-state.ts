/**
 * What one node keeps on its disk beside its Pods: images, the pull queue, addresses given out.
 */
import type { Disk } from "#kubelet/machine.ts";
import type { PodRecord } from "#kubelet/pod-record.ts";
import type { Beside, Layer } from "#kubelet/programs/process.ts";

export interface NodeImage {
  /** `docker.io/library/nginx:1.27`. */
  readonly name: string;
  /** `docker.io/library/nginx@sha256:…`. */
  readonly id: string;
  readonly sizeBytes: number;
  /** When its pull is done. */
  readonly presentMs: number;
}

const noImages: readonly NodeImage[] = [];
const imagesRow = "images";
const pullsRow = "pulls";
const addressesRow = "cni/last";
const podRows = "pods/";
const layerRows = "layers/";
const besideRows = "beside/";
const noRows: readonly string[] = [];
/** A server's log is kept in rows of so many lines, so many rows. */
const servedLines = 50;
const servedRows = 20;
const servedPrefix = "served/";
const servedDigits = 6;

/** What a server logged of a request. */
export interface ServedLine {
  readonly atMs: number;
  readonly text: string;
}

/** `pods/<namespace>/<name>/<uid>`. */
export const rowOf = (podKey: string, uid: string): string => `${podRows}${podKey}/${uid}`;
const podKeyOf = (row: string): string => row.slice(podRows.length, row.lastIndexOf("/"));

export class NodeState {
  readonly disk: Disk;
  /** Addresses in use, and rows by `<namespace>/<pod>`: caches of the Pods' rows. */
  #used: Set<string> | undefined;
  #rows: Map<string, string[]> | undefined;
  /** Rows of servers' logs by container id: a cache of their names. */
  #served: Map<string, string[]> | undefined;

  readonly #onImage: () => void;

  /** `onImage`: an image is being pulled; the node's status will tell of it. */
  constructor(disk: Disk, onImage: () => void = () => undefined) {
    this.disk = disk;
    this.#onImage = onImage;
  }

  /** Rows of Pods of this name, whatever their uid. */
  rowsOf(podKey: string): readonly string[] {
    return this.#podRows().get(podKey) ?? noRows;
  }
  putPod(row: string, record: PodRecord): void {
    const podKey = podKeyOf(row);
    const rows = this.#podRows();
    const here = rows.get(podKey);
    if (here === undefined) rows.set(podKey, [row]);
    else if (!here.includes(row)) here.push(row);
    this.disk.put(row, record);
  }
  deletePod(row: string): void {
    const podKey = podKeyOf(row);
    const rows = this.#podRows();
    const others = rows.get(podKey)?.filter((other) => other !== row) ?? [];
    if (others.length === 0) rows.delete(podKey);
    else rows.set(podKey, others);
    this.disk.delete(row);
  }

  /** Records of all Pods here. */
  pods(): readonly PodRecord[] {
    return [...this.#podRows().values()]
      .flat()
      .flatMap((row) => this.disk.get<PodRecord>(row) ?? []);
  }

  /** Adds a line to the log of a container's server, beside what its program prints by itself. */
  addServed(containerId: string, line: ServedLine): void {
    const all = this.#servedRows();
    const rows = all.get(containerId) ?? [];
    all.set(containerId, rows);
    const last = rows.at(-1);
    const lines = last === undefined ? [] : (this.disk.get<readonly ServedLine[]>(last) ?? []);
    if (last !== undefined && lines.length < servedLines) {
      this.disk.put(last, [...lines, line]);
      return;
    }
    const number = last === undefined ? 0 : Number(last.slice(-servedDigits)) + 1;
    const row = `${servedPrefix}${containerId}/${String(number).padStart(servedDigits, "0")}`;
    this.disk.put(row, [line]);
    rows.push(row);
    if (rows.length > servedRows) this.disk.delete(rows.shift() ?? "");
  }
  /** In order of time. */
  served(containerId: string): readonly ServedLine[] {
    const rows = this.#servedRows().get(containerId) ?? noRows;
    return rows.flatMap((row) => this.disk.get<readonly ServedLine[]>(row) ?? []);
  }
  dropServed(containerId: string): void {
    const all = this.#servedRows();
    for (const row of all.get(containerId) ?? noRows) this.disk.delete(row);
    all.delete(containerId);
  }
  #servedRows(): Map<string, string[]> {
    if (this.#served !== undefined) return this.#served;
    this.#served = new Map();
    for (const row of this.disk.names(servedPrefix)) {
      const id = row.slice(servedPrefix.length, row.lastIndexOf("/"));
      const here = this.#served.get(id);
      if (here === undefined) this.#served.set(id, [row]);
      else here.push(row);
    }
    return this.#served;
  }

  /** What was written into a container from beside: its own files go with it. */
  layer(containerId: string): Layer | undefined {
    return this.disk.get<Layer>(layerRows + containerId);
  }
  putLayer(containerId: string, layer: Layer): void {
    this.disk.put(layerRows + containerId, layer);
  }
  /** What was written beside a script, in order of time. */
  beside(containerId: string): readonly Beside[] | undefined {
    return this.disk.get<readonly Beside[]>(besideRows + containerId);
  }
  putBeside(containerId: string, beside: readonly Beside[]): void {
    this.disk.put(besideRows + containerId, beside);
  }
  dropLayer(containerId: string): void {
    this.disk.delete(layerRows + containerId);
    this.disk.delete(besideRows + containerId);
  }

  #podRows(): Map<string, string[]> {
    if (this.#rows !== undefined) return this.#rows;
    this.#rows = new Map();
    for (const row of this.disk.names(podRows)) {
      const podKey = podKeyOf(row);
      const here = this.#rows.get(podKey);
      if (here === undefined) this.#rows.set(podKey, [row]);
      else here.push(row);
    }
    return this.#rows;
  }

  get images(): readonly NodeImage[] {
    return this.disk.get<readonly NodeImage[]>(imagesRow) ?? noImages;
  }
  image(name: string): NodeImage | undefined {
    return this.images.find((image) => image.name === name);
  }
  addImage(image: NodeImage): void {
    const others = this.images.filter(({ name }) => name !== image.name);
    this.disk.put(
      imagesRow,
      [...others, image].toSorted((a, b) => b.sizeBytes - a.sizeBytes),
    );
    this.#onImage();
  }

  /** When the pulls under way are done; the kubelet pulls one image at a time. */
  get pullsDoneMs(): number {
    return this.disk.get<{ readonly doneMs: number }>(pullsRow)?.doneMs ?? 0;
  }
  set pullsDoneMs(doneMs: number) {
    this.disk.put(pullsRow, { doneMs });
  }

  /**
   * The next free address after the last one given out, in order, as the host-local plug-in gives
   * them: .0 is the network, .1 the bridge, the last one broadcast. Undefined: none is free.
   */
  allocate(cidr: string): string | undefined {
    const [first, size] = rangeOf(cidr);
    const used = this.#addresses();
    const last = this.disk.get<{ readonly offset: number }>(addressesRow)?.offset ?? 1;
    for (let tried = 0; tried < size - 3; tried += 1) {
      const offset = 2 + ((last - 1 + tried) % (size - 3));
      const ip = ipText(first + offset);
      if (used.has(ip)) continue;
      used.add(ip);
      this.disk.put(addressesRow, { offset });
      return ip;
    }
    return undefined;
  }
  release(ip: string): void {
    this.#addresses().delete(ip);
  }

  #addresses(): Set<string> {
    if (this.#used !== undefined) return this.#used;
    this.#used = new Set();
    for (const row of this.disk.names(podRows)) {
      const sandbox = this.disk.get<PodRecord>(row)?.sandbox;
      if (sandbox !== undefined && !sandbox.stopped && sandbox.ip !== "")
        this.#used.add(sandbox.ip);
    }
    return this.#used;
  }
}

/** First address as a number, and how many there are. */
function rangeOf(cidr: string): readonly [number, number] {
  const [base = "0.0.0.0", bits = "24"] = cidr.split("/");
  const number = base.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return [number, 2 ** (32 - Number(bits))];
}

const ipText = (n: number): string =>
  `${Math.floor(n / 16_777_216)}.${Math.floor(n / 65_536) % 256}.${Math.floor(n / 256) % 256}.${n % 256}`;
