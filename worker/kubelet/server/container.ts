/**
 * A running container as the kubelet's server finds it: its files now, and what may be done to it from beside.
 * Upstream: pkg/kubelet/kubelet_pods.go findContainer, GetExec, GetAttach.
 */
import type { V1Container, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { Errand } from "#apimachinery/errand.ts";
import { readOnlyPaths } from "#kubelet/mounted-files.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import { rowOf } from "#kubelet/node/node-state.ts";
import { staticUid } from "#kubelet/node/static-pods.ts";
import { type ContainerRecord, type PodRecord, withContainer } from "#kubelet/pod-record.ts";
import type { OwnCommands } from "#kubelet/images/own-commands.ts";
import { probesAnew } from "#kubelet/probes/prober.ts";
import { progressOf } from "#kubelet/hearing.ts";
import { originOf } from "#kubelet/origin.ts";
import { argvIn, hostnameOf, imageOf, ownIn, specOf, toolsIn } from "#kubelet/processes.ts";
import type { Beside, Hears, Layer, Process } from "#kubelet/programs/process.ts";
import { withLayer } from "#kubelet/programs/process.ts";
import type { Call, Heard } from "#network/calls.ts";

/** Which one it is, as plain data: what a connection keeps of it. */
export interface ContainerRef {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly name: string;
  /** Of this one run: another id is another container. */
  readonly id: string;
}

/** Runs an errand beside the command that waits for it. */
export type Seek = <T>(errand: Errand<T>, found: (value: T) => void) => void;

/** What one container may write: a row of the node's disk has 2 MB, in which a character may take three bytes. */
const mostLayerCharacters = 600_000;

export class RunningContainer {
  readonly ref: ContainerRef;
  readonly pod: V1Pod;
  readonly spec: V1Container;
  process: Process;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly readOnly: readonly string[];
  readonly startedMs: number;
  readonly tools: readonly string[] | undefined;
  readonly own: OwnCommands | undefined;
  readonly #kubelets: Kubelets;
  /** What its volumes hold, and /etc/hosts and the like. */
  readonly #given: ReadonlyMap<string, string>;

  private constructor(
    kubelets: Kubelets,
    pod: V1Pod,
    found: Found,
    given: ReadonlyMap<string, string>,
  ) {
    const { record, spec, process, ref } = found;
    this.#kubelets = kubelets;
    this.#given = given;
    this.ref = ref;
    this.pod = pod;
    this.spec = spec;
    this.process = process;
    const image = imageOf(record);
    this.argv = image === undefined ? record.argv : argvIn(record, image);
    this.tools = image === undefined ? [] : toolsIn(record, image);
    this.own = image === undefined ? undefined : ownIn(record, image);
    this.env = record.env ?? {};
    this.hostname = hostnameOf(pod);
    this.readOnly = readOnlyPaths(pod, spec);
    this.startedMs = record.startedMs;
  }

  /** Undefined: no such container runs. */
  static find(
    kubelets: Kubelets,
    pod: V1Pod,
    name: string,
    given: ReadonlyMap<string, string> = new Map(),
  ): RunningContainer | undefined {
    const found = findRunning(kubelets, pod, name);
    return found === undefined ? undefined : new RunningContainer(kubelets, pod, found, given);
  }

  /** Its record now; undefined: it has ended. */
  get record(): ContainerRecord | undefined {
    const { name, id } = this.ref;
    return this.#podRecord()?.containers.find(
      (one) => one.name === name && one.id === id && one.state === "running",
    );
  }
  get isRunning(): boolean {
    return this.record !== undefined;
  }

  /** How a command that began at `nowMs` hears from the network: at once, or when `seek` has found it. */
  hears(nowMs: number, seek: Seek): Hears {
    const node = this.#kubelets.node(this.ref.node);
    const ip = this.#podRecord()?.sandbox?.ip ?? "";
    let calls = 0;
    /** What the call that was asked last came to: it is asked again until it is told. */
    let sought: { readonly call: Call; found?: Heard } | undefined;
    return (call) => {
      const { network } = this.#kubelets;
      if (network === undefined || node === undefined) return undefined;
      if (sought?.call === call) return sought.found;
      const attempt = `${this.ref.id}/exec/${nowMs}/${calls++}`;
      const exchange = network.call(originOf(node, this.pod, ip), call, attempt);
      if (!("run" in exchange)) return exchange.heard;
      const seeking: { readonly call: Call; found?: Heard } = { call };
      sought = seeking;
      seek(exchange, ({ heard }) => (seeking.found = heard));
      return undefined;
    };
  }

  /** Its files but for what was written from beside. */
  ownFiles(nowMs: number): Map<string, string> {
    const files = this.process.files(Math.max(0, nowMs - this.startedMs));
    const shared = this.#kubelets.shared(this.pod, this.spec, nowMs, this.ref.id);
    // Of what it found in its volumes the others may have made something else.
    const first = this.record?.files;
    for (const [path, text] of Object.entries(shared))
      if (!files.has(path) || files.get(path) === first?.[path]) files.set(path, text);
    return new Map([...files, ...this.#given]);
  }
  files(nowMs: number): Map<string, string> {
    return withLayer(this.ownFiles(nowMs), this.#state.layer(this.ref.id));
  }
  /** Keeps what is different from its own files; probes look again. False: the disk is full. */
  keepFiles(files: ReadonlyMap<string, string>, nowMs: number): boolean {
    if (this.process.heedsFiles === true) return this.#writeBeside(files, nowMs);
    const layer = layerOf(this.ownFiles(nowMs), files);
    const text = JSON.stringify(layer);
    if (text === JSON.stringify(this.#state.layer(this.ref.id) ?? {})) return true;
    if (text.length > mostLayerCharacters) return false;
    this.#state.putLayer(this.ref.id, layer);
    this.#change((container) => probesAnew(container, this.spec, nowMs));
    return true;
  }

  /** Its script finds what was written, and goes on from there. */
  #writeBeside(files: ReadonlyMap<string, string>, nowMs: number): boolean {
    const changes = layerOf(this.files(nowMs), files);
    if (Object.keys(changes).length === 0) return true;
    const { id } = this.ref;
    const before = this.#state.beside(id) ?? [];
    const beside = merged([...before, { atMs: nowMs - this.startedMs, changes }]);
    if (JSON.stringify(beside).length > mostLayerCharacters) return false;
    this.#state.putBeside(id, beside);
    const { processes } = this.#kubelets;
    processes.forget(id);
    this.#change((container) => {
      const process = processes.of(this.pod, container);
      if (process !== undefined) this.process = process;
      const next =
        container.stopping === true
          ? container
          : {
              ...container,
              ends: undefined,
              asks: undefined,
              ...progressOf(process, container.startedMs),
            };
      return probesAnew(next, this.spec, nowMs);
    });
    return true;
  }

  /** A signal for its first process, from inside: SIGKILL has no effect on that one. */
  signal(name: string, nowMs: number): void {
    const taken = name === "SIGKILL" ? undefined : this.process.signal(name);
    if (taken !== undefined) this.end(taken.code, nowMs + taken.afterMs);
  }
  /** Its first process ends. */
  end(code: number, atMs: number): void {
    this.#change((container) => ({ ...container, ends: { atMs, delay: "work", code } }));
  }

  get #state(): ReturnType<Kubelets["state"]> {
    return this.#kubelets.state(this.ref.node);
  }
  get #podKey(): string {
    return `${this.ref.namespace}/${this.ref.pod}`;
  }
  #podRecord(): PodRecord | undefined {
    return this.#state.disk.get<PodRecord>(rowOf(this.#podKey, this.ref.uid));
  }
  #change(change: (container: ContainerRecord) => ContainerRecord): void {
    const [record, container] = [this.#podRecord(), this.record];
    if (record === undefined || container === undefined) return;
    const next = change(container);
    if (next === container) return;
    const at = record.containers.indexOf(container);
    this.#state.putPod(rowOf(this.#podKey, this.ref.uid), withContainer(record, at, next));
    this.#kubelets.sync(this.ref.node, this.#podKey);
  }
}

interface Found {
  readonly record: ContainerRecord;
  readonly spec: V1Container;
  readonly process: Process;
  readonly ref: ContainerRef;
}

function findRunning(kubelets: Kubelets, pod: V1Pod, name: string): Found | undefined {
  const { namespace = "", name: podName = "" } = pod.metadata;
  const node = pod.spec?.nodeName ?? "";
  const uid = staticUid(pod) ?? pod.metadata.uid ?? "";
  const { disk } = kubelets.state(node);
  const record = disk
    .get<PodRecord>(rowOf(`${namespace}/${podName}`, uid))
    ?.containers.find((one) => one.name === name && one.state === "running");
  const process = record === undefined ? undefined : kubelets.processes.of(pod, record);
  const spec = specOf(pod, name);
  if (record === undefined || process === undefined || spec === undefined) return undefined;
  const ref = { node, namespace, pod: podName, uid, name, id: record.id };
  return { record, spec, process, ref };
}

/** The oldest as one, when there are many: how they came one by one is past. */
function merged(beside: readonly Beside[]): readonly Beside[] {
  const [first, second, ...rest] = beside;
  if (beside.length <= mostBeside || first === undefined || second === undefined) return beside;
  return [{ atMs: second.atMs, changes: { ...first.changes, ...second.changes } }, ...rest];
}
const mostBeside = 200;

/** What turns the one set of files into the other. */
function layerOf(own: ReadonlyMap<string, string>, files: ReadonlyMap<string, string>): Layer {
  const layer: Record<string, string | null> = {};
  for (const [path, text] of files) if (own.get(path) !== text) layer[path] = text;
  for (const path of own.keys()) if (!files.has(path)) layer[path] = null;
  return layer;
}
