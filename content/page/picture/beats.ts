/**
 * Trace events → beats: what the eye follows one at a time. A request with its gates and its commit
 * is one walk; verdicts about one Pod are one look at the nodes; every other event is its own beat.
 */
import { type FactData, type Gate, gates, type TraceEvent } from "#apimachinery/trace.ts";
import type { Place } from "./layout.ts";
import { idParts } from "./recording.ts";

interface Common {
  /** Id of the last event in it. */
  readonly id: string;
  readonly rev: number;
  readonly cause: number;
  readonly atMs: number;
  readonly actor: string;
  readonly place: Place;
  readonly obj: string;
  readonly say: string;
}

/** What becomes of a request: stored, refused at a gate, answered from memory, tried only, no difference. */
export type Outcome = "stored" | "refused" | "read" | "dry-run" | "unchanged";

export interface RequestBeat extends Common {
  readonly kind: "request";
  readonly verb: string;
  readonly code: number;
  readonly message: string;
  readonly outcome: Outcome;
  /** How many gates it passes, 0 to 7; a refusal stops in the next. */
  readonly passes: number;
  /** The node a Binding names; "" otherwise. */
  readonly target: string;
}
export interface WatchBeat extends Common {
  readonly kind: "watch";
  readonly event: string;
}
export interface FilterBeat extends Common {
  readonly kind: "filter";
  readonly refused: readonly FactData["filter"][];
  readonly evaluated: number;
  readonly feasible: number;
  readonly message: string;
}
export interface RankBeat extends Common {
  readonly kind: "rank";
  readonly scores: readonly FactData["score"][];
  readonly chosen: string;
  readonly feasible: number;
}
export interface LocalBeat extends Common {
  readonly kind: "local";
  readonly type: "cri" | "cni" | "probe" | "backoff" | "rules";
  readonly node: string;
  /** `RunPodSandbox`, `ADD`, `readiness`, … */
  readonly call: string;
  readonly detail: string;
  readonly ok: boolean;
  readonly ip: string;
}
/** Nothing moves on the map; the narrator tells it. */
export interface ToldBeat extends Common {
  readonly kind: "told";
}
export type Beat = RequestBeat | WatchBeat | FilterBeat | RankBeat | LocalBeat | ToldBeat;

const people = new Set(["learner", "kubeadm", "kubernetes-admin"]);

/** Where an actor sits. */
export function placeOf(actor: string): Place {
  if (people.has(actor)) return "laptop";
  if (actor === "kube-scheduler") return "scheduler";
  if (actor === "kube-apiserver" || actor.startsWith("system:apiserver")) return "api";
  const [program = "", node = ""] = actor.split(" ");
  if (node !== "" && (program === "kubelet" || program === "kube-proxy")) return `node/${node}`;
  return "controllers";
}

const reads = new Set(["get", "list", "watch"]);
/** The gate that refuses with a code, when no stage event says so. */
const gateOfCode: Readonly<Record<number, number>> = {
  401: 1,
  403: 2,
  400: 3,
  413: 3,
  415: 3,
  422: 5,
  404: 7,
  409: 7,
};

/** Events of one write, or of one note, in their order. */
function groupsOf(events: readonly TraceEvent[]): TraceEvent[][] {
  const groups: TraceEvent[][] = [];
  let key = "";
  for (const event of events) {
    const [rev, seq] = idParts(event.id);
    const here = `${rev}/${seq < 1000 ? "row" : Math.floor(seq / 100)}/${event.actor}`;
    if (here === key) groups.at(-1)?.push(event);
    else groups.push([event]);
    key = here;
  }
  return groups;
}

type EventOf<T extends keyof FactData> = TraceEvent & { readonly data: FactData[T] };
const ofType = <T extends keyof FactData>(group: readonly TraceEvent[], type: T): EventOf<T>[] =>
  group.filter((event) => event.type === type) as EventOf<T>[];

const common = (event: TraceEvent): Common => ({
  id: event.id,
  rev: event.rev,
  cause: event.cause,
  atMs: event.atMs,
  actor: event.actor,
  place: placeOf(event.actor),
  obj: event.obj,
  say: event.say,
});

function requestOf(group: readonly TraceEvent[]): RequestBeat | undefined {
  const request = ofType(group, "request").at(-1);
  const commit = ofType(group, "commit").at(-1);
  const last = commit ?? request;
  if (last === undefined) return undefined;
  const data = request?.data;
  const verb = request?.verb ?? last.verb;
  const code = data?.code ?? 200;
  const shut = ofType(group, "stage").find(({ data: { ok } }) => !ok);
  const refusedAt =
    shut === undefined ? (gateOfCode[code] ?? 5) : gates.indexOf(shut.data.stage as Gate) + 1;
  const outcome: Outcome =
    commit !== undefined
      ? "stored"
      : code >= 400
        ? "refused"
        : reads.has(verb)
          ? "read"
          : data?.dryRun === true
            ? "dry-run"
            : "unchanged";
  const passes = { stored: 7, refused: refusedAt - 1, read: 2, "dry-run": 6, unchanged: 7 }[
    outcome
  ];
  const target = ofType(group, "schedule").at(-1)?.data.chosen ?? "";
  return {
    ...common(last),
    obj: request?.obj ?? last.obj,
    kind: "request",
    verb,
    code,
    message: data?.message ?? "",
    outcome,
    passes,
    target: last.obj.endsWith("/binding") ? target : "",
  };
}

function decisionOf(group: readonly TraceEvent[]): Beat[] {
  const schedule = ofType(group, "schedule").at(-1);
  const filters = ofType(group, "filter").filter(({ data: { ok } }) => !ok);
  const scores = ofType(group, "score");
  const beats: Beat[] = [];
  const first = filters[0] ?? schedule;
  if (first === undefined) return beats;
  const obj = (schedule ?? first).obj.replace(/\/binding$/, "");
  const feasible = schedule?.data.feasible ?? 0;
  const evaluated = schedule?.data.evaluated ?? filters.length;
  beats.push({
    ...common(filters.at(-1) ?? first),
    obj,
    kind: "filter",
    refused: filters.map(({ data }) => data),
    evaluated,
    feasible,
    message: schedule?.data.message ?? "",
  });
  if (schedule !== undefined && schedule.data.chosen !== "") {
    const { chosen } = schedule.data;
    beats.push({
      ...common(schedule),
      obj,
      kind: "rank",
      scores: scores.map(({ data }) => data),
      chosen,
      feasible,
    });
  }
  return beats;
}

const nodeOfActor = (actor: string): string => actor.split(" ")[1] ?? "";

function localOf(event: TraceEvent): LocalBeat | undefined {
  const node = nodeOfActor(event.actor);
  const base = { ...common(event), kind: "local" as const, node, ip: "", ok: true, detail: "" };
  switch (event.type) {
    case "cri": {
      const data = event.data as FactData["cri"];
      return {
        ...base,
        type: "cri",
        node: data.node || node,
        call: data.call,
        detail: data.error || data.args,
        ok: data.error === "",
      };
    }
    case "cni": {
      const data = event.data as FactData["cni"];
      return {
        ...base,
        type: "cni",
        node: data.node || node,
        call: data.call,
        ip: data.ip,
        detail: data.ip,
      };
    }
    case "probe": {
      const data = event.data as FactData["probe"];
      return { ...base, type: "probe", call: data.kind, detail: data.output, ok: data.ok };
    }
    case "backoff": {
      const data = event.data as FactData["backoff"];
      return { ...base, type: "backoff", call: "back-off", detail: `${data.seconds} s`, ok: false };
    }
    case "rules":
      return {
        ...base,
        type: "rules",
        node: (event.data as FactData["rules"]).node || node,
        call: "iptables",
      };
    default:
      return undefined;
  }
}

const decided = new Set(["filter", "score", "schedule"]);
const walked = new Set(["request", "stage", "commit"]);

function beatsOfGroup(group: readonly TraceEvent[], bells: Map<string, string>): Beat[] {
  const beats: Beat[] = [];
  let looked = false;
  for (const event of group) {
    if (event.type === "watch") {
      // One bell for all that a component does because of one revision.
      const bell = `${event.cause}/${event.obj}`;
      if (event.actor !== "learner" && bells.get(event.actor) === bell) continue;
      bells.set(event.actor, bell);
      beats.push({
        ...common(event),
        kind: "watch",
        event: (event.data as FactData["watch"]).event,
      });
    } else if (decided.has(event.type)) {
      if (!looked) beats.push(...decisionOf(group));
      looked = true;
    } else if (!walked.has(event.type)) {
      beats.push(localOf(event) ?? { ...common(event), kind: "told" });
    }
  }
  const request = requestOf(group);
  if (request !== undefined) beats.push(request);
  return beats;
}

const known = new WeakMap<readonly TraceEvent[], readonly Beat[]>();

export function beatsOf(events: readonly TraceEvent[]): readonly Beat[] {
  const before = known.get(events);
  if (before !== undefined) return before;
  const bells = new Map<string, string>();
  const beats = groupsOf(events).flatMap((group) => beatsOfGroup(group, bells));
  known.set(events, beats);
  return beats;
}
