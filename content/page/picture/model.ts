/** How the cluster stood before a beat: a fold over beats and what was seen of objects. */
import type { FactData } from "#apimachinery/trace.ts";
import { type Beat, beatsOf, type LocalBeat } from "./beats.ts";
import type { NodeSeen, PodSeen, Recording, Seen } from "./recording.ts";
import { objectName } from "./token.ts";

export interface StoredRow {
  readonly rev: number;
  readonly obj: string;
}
export interface Decision {
  readonly obj: string;
  readonly refused: readonly FactData["filter"][];
  readonly scores: readonly FactData["score"][];
  readonly chosen: string;
  readonly ranked: boolean;
}
/** What happens inside one node for one Pod. */
export interface Inside {
  readonly node: string;
  readonly obj: string;
  readonly calls: readonly LocalBeat[];
  readonly ip: string;
}
export interface Model {
  readonly rev: number;
  /** Newest first, three at most. */
  readonly rows: readonly StoredRow[];
  readonly nodes: ReadonlyMap<string, NodeSeen>;
  readonly pods: ReadonlyMap<string, PodSeen>;
  readonly decision: Decision | undefined;
  readonly inside: Inside | undefined;
  /** The laptop's last request and its answer. */
  readonly asked: string;
  readonly answer: string;
}

interface Draft {
  rev: number;
  rows: StoredRow[];
  nodes: Map<string, NodeSeen>;
  pods: Map<string, PodSeen>;
  decision: Decision | undefined;
  inside: Inside | undefined;
  asked: string;
  answer: string;
  /** How many of `seen` are taken in. */
  seen: number;
}

const podAt = (draft: Draft, obj: string): PodSeen | undefined => {
  const { namespace, name } = objectName(obj);
  return draft.pods.get(`${namespace}/${name}`);
};
const setPod = (draft: Draft, pod: PodSeen): void => {
  draft.pods.set(pod.key, pod);
};

function commit(draft: Draft, beat: Extract<Beat, { kind: "request" }>): void {
  const { resource, namespace, name, sub } = objectName(beat.obj);
  draft.rev = Math.max(draft.rev, beat.rev);
  draft.rows = [{ rev: beat.rev, obj: beat.obj }, ...draft.rows].slice(0, 3);
  const key = `${namespace}/${name}`;
  if (resource === "nodes" && beat.verb === "delete") draft.nodes.delete(name);
  if (resource !== "pods") return;
  const pod = draft.pods.get(key);
  if (sub === "binding" && pod !== undefined && pod.state === "pending") {
    setPod(draft, { ...pod, state: "bound", word: "Pending", node: beat.target || pod.node });
  } else if (sub === "" && beat.verb === "create") {
    setPod(draft, { key, node: "", state: "pending", word: "Pending", ip: "" });
  } else if (sub === "" && beat.verb === "delete" && pod !== undefined) {
    const person = beat.place === "laptop" || beat.place === "controllers";
    if (person && pod.node !== "") setPod(draft, { ...pod, state: "leaving", word: "Terminating" });
    else draft.pods.delete(key);
  }
}

/** Takes in what was seen of objects up to a revision; what was seen is truer than what was derived. */
function look(draft: Draft, seen: readonly Seen[], rev: number): void {
  for (; draft.seen < seen.length; draft.seen += 1) {
    const one = seen[draft.seen] as Seen;
    if (one.rev > rev) return;
    if ("node" in one) draft.nodes.set(one.node.name, one.node);
    else setPod(draft, one.pod);
  }
}

function local(draft: Draft, beat: LocalBeat): void {
  const before = draft.inside;
  const same = before !== undefined && before.node === beat.node && before.obj === beat.obj;
  const calls = same ? [...before.calls, beat] : [beat];
  const pod = podAt(draft, beat.obj);
  draft.inside = {
    node: beat.node,
    obj: beat.obj,
    calls: calls.slice(-6),
    ip: beat.ip || (same ? before.ip : "") || pod?.ip || "",
  };
  if (pod === undefined || beat.type !== "cri" || !beat.ok) return;
  if (beat.call === "StartContainer" && (pod.state === "bound" || pod.state === "pending")) {
    setPod(draft, { ...pod, state: "running", word: "Running", node: pod.node || beat.node });
  }
}

function apply(draft: Draft, beat: Beat, seen: readonly Seen[]): void {
  const ofScheduler = beat.actor === "kube-scheduler";
  if (!ofScheduler) draft.decision = undefined;
  if (
    beat.kind !== "local" &&
    !(draft.inside !== undefined && beat.place === `node/${draft.inside.node}`)
  ) {
    draft.inside = undefined;
  }
  switch (beat.kind) {
    case "request":
      if (beat.outcome === "stored") commit(draft, beat);
      if (beat.place === "laptop") {
        draft.asked = `${beat.verb} ${beat.obj}`;
        draft.answer = `${beat.code} ${codeText(beat.code)}`;
      }
      look(draft, seen, beat.rev);
      return;
    case "filter":
      draft.decision = {
        obj: beat.obj,
        refused: beat.refused,
        scores: [],
        chosen: "",
        ranked: false,
      };
      return;
    case "rank":
      draft.decision = {
        obj: beat.obj,
        refused: draft.decision?.refused ?? [],
        scores: beat.scores,
        chosen: beat.chosen,
        ranked: true,
      };
      return;
    case "local":
      local(draft, beat);
      return;
    default:
  }
}

const codes: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  410: "Gone",
  415: "Unsupported",
  422: "Invalid",
  429: "Too Many",
  500: "Error",
};
export const codeText = (code: number): string => codes[code] ?? "";

const cloned = (draft: Draft): Draft => ({
  ...draft,
  nodes: new Map(draft.nodes),
  pods: new Map(draft.pods),
});

/** Folds kept per recording, one each `stride` beats, so that a cursor may move anywhere. */
const stride = 64;
const known = new WeakMap<Recording, Draft[]>();

function firstOf({ nodes, pods, rev, events, seen }: Recording): Draft {
  const draft: Draft = {
    rev,
    rows: [],
    nodes: new Map(nodes.map((node) => [node.name, node])),
    pods: new Map(pods.map((pod) => [pod.key, pod])),
    decision: undefined,
    inside: undefined,
    asked: "",
    answer: "",
    seen: 0,
  };
  look(draft, seen, (events[0]?.rev ?? Number.POSITIVE_INFINITY) - 1);
  return draft;
}

/** The model when `count` beats are over. */
export function modelAt(recording: Recording, count: number): Model {
  const beats = beatsOf(recording.events);
  const kept = known.get(recording) ?? [firstOf(recording)];
  known.set(recording, kept);
  const wanted = Math.max(0, Math.min(count, beats.length));
  while (kept.length <= Math.floor(wanted / stride)) {
    const draft = cloned(kept.at(-1) as Draft);
    const from = (kept.length - 1) * stride;
    for (const beat of beats.slice(from, from + stride)) apply(draft, beat, recording.seen);
    kept.push(draft);
  }
  const base = Math.floor(wanted / stride);
  const draft = cloned(kept[base] as Draft);
  for (const beat of beats.slice(base * stride, wanted)) apply(draft, beat, recording.seen);
  return draft;
}
