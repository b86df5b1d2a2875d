/**
 * The picture as data: `scene(layout, recording, cursor, t)`, a pure function. Live, rewind, share,
 * still and embed are this one path. `cursor` is the beat being shown, `t` from 0 to 1 how far into it.
 */
import type { FactData } from "#apimachinery/trace.ts";
import { along, type Box, type Line, part, type Point } from "./geometry.ts";
import { type Beat, beatsOf, type LocalBeat, type RequestBeat } from "./beats.ts";
import type { Layout, NodeSlot, Place, Road } from "./layout.ts";
import { type Decision, type Inside, type Model, modelAt } from "./model.ts";
import type { NodeSeen, PodSeen, Recording } from "./recording.ts";
import { kindOf, objectName, shortName, type TokenKind, tokenOf } from "./token.ts";
import { commitAt, type GateState, walk } from "./walk.ts";

export interface PodMark extends PodSeen {
  readonly label: string;
  readonly hot: boolean;
}
export interface Bar {
  readonly name: string;
  readonly score: number;
  /** Of the widest bar on the common scale. */
  readonly share: number;
  readonly full: number;
}
export interface NodeScene {
  readonly slot: NodeSlot;
  readonly ready: boolean;
  readonly lines: { readonly title: string; readonly text: readonly string[] };
  readonly verdict:
    | { readonly kind: "none" }
    | { readonly kind: "refused"; readonly plugin: string; readonly reason: readonly string[] }
    | {
        readonly kind: "ranked";
        readonly bars: readonly Bar[];
        readonly total: number;
        readonly place: string;
      };
  readonly winner: boolean;
  readonly pods: readonly PodMark[];
  /** Pods that found no room in the drawing. */
  readonly more: number;
  readonly ringing: boolean;
}
export interface TokenScene {
  readonly kind: TokenKind;
  readonly at: Point;
  readonly label: string;
  readonly labelAt: Point;
  readonly shown: boolean;
}
export interface EtcdRow {
  readonly rev: number;
  readonly text: string;
  readonly hot: boolean;
}
export interface InsetScene {
  readonly node: string;
  readonly calls: readonly { readonly name: string; readonly now: boolean; readonly ok: boolean }[];
  readonly ip: string;
  readonly sandbox: boolean;
  readonly containers: readonly { readonly name: string; readonly word: string }[];
}
export interface Scene {
  readonly layout: Layout;
  readonly slots: readonly NodeSlot[];
  readonly roads: readonly Road[];
  readonly gates: readonly GateState[];
  /** The road done and, dotted, the one ahead. */
  readonly trail: Line;
  readonly ahead: Line;
  readonly token: TokenScene | undefined;
  /** What a refused request is told, under its gate. */
  readonly ticket:
    | { readonly code: number; readonly text: string; readonly at: Point; readonly drop: number }
    | undefined;
  readonly ringing: Place | undefined;
  readonly bellText: string;
  readonly etcd: {
    readonly revision: number;
    readonly hot: boolean;
    readonly rows: readonly EtcdRow[];
  };
  readonly laptop: { readonly asked: string; readonly answer: string; readonly hot: boolean };
  readonly queue: readonly PodMark[];
  readonly nodes: readonly NodeScene[];
  readonly inset: InsetScene | undefined;
}

const mostTokens = 60;

/** `events/…-k2xvz` */
export function rowText(obj: string): string {
  const { resource, name, sub } = objectName(obj);
  const short = shortName(name.split(".")[0] ?? name);
  const shown = short === name ? name : `…-${short}`;
  return `${resource}/${shown}${sub === "" ? "" : `/${sub}`}`;
}

/** What stands beside a token under way. */
export function labelOf(beat: RequestBeat): string {
  const name = objectName(beat.obj);
  const short = shortName(name.name);
  if (name.sub === "binding")
    return `Binding ${short}${beat.target === "" ? "" : ` to ${beat.target}`}`;
  if (name.name === "") return `${beat.verb} ${name.resource}`;
  const kind = kindOf(name.resource);
  return `${beat.verb === "create" ? "" : `${beat.verb} `}${kind} ${short}${name.sub === "" ? "" : `, ${name.sub}`}`;
}

const pluginNames: Readonly<Record<string, string>> = {
  TaintToleration: "taints",
  PodTopologySpread: "spread",
  NodeResourcesFit: "fit",
  NodeResourcesBalancedAllocation: "balance",
  NodeAffinity: "affinity",
  InterPodAffinity: "company",
  ImageLocality: "image",
};
/** Upstream: default_plugins.go, times the most a plugin may give. */
const fullScore: Readonly<Record<string, number>> = {
  TaintToleration: 300,
  PodTopologySpread: 200,
  NodeAffinity: 200,
  InterPodAffinity: 200,
};
const places = ["first", "second", "third"];
const mostBars = 4;

function barsOf(
  scores: readonly FactData["score"][],
  node: string,
): { bars: Bar[]; total: number } {
  const mine = scores.filter((score) => score.node === node);
  const order = Object.keys(pluginNames);
  const sorted = mine.toSorted((a, b) => order.indexOf(a.plugin) - order.indexOf(b.plugin));
  const telling = sorted.filter(({ score }) => score !== 0);
  const widest = Math.max(100, ...mine.map(({ plugin }) => fullScore[plugin] ?? 100));
  const bars = telling.slice(0, mostBars).map(({ plugin, score }): Bar => {
    const full = fullScore[plugin] ?? 100;
    return {
      name: pluginNames[plugin] ?? plugin,
      score,
      share: score / widest,
      full: full / widest,
    };
  });
  return { bars, total: mine.reduce((sum, { score }) => sum + score, 0) };
}

/** `node-role.kubernetes.io/control-plane:NoSchedule` in two short lines. */
export function taintLines(taint: string): string[] {
  const [key = "", effect = ""] = taint.split(/:(?=[^:]*$)/);
  const short = key.includes("/") ? `…/${key.slice(key.lastIndexOf("/") + 1)}` : key;
  return effect === "" ? [short] : [short, `:${effect}`];
}

const linesOf = ({ taints, room, cidr, ready, unschedulable }: NodeSeen): NodeScene["lines"] => {
  if (!ready) return { title: "not ready", text: ["silent"] };
  if (unschedulable) return { title: "cordoned", text: ["no new Pods"] };
  const [taint] = taints;
  if (taint !== undefined) return { title: "taint", text: taintLines(taint) };
  return { title: "room for Pods", text: [room, cidr].filter((text) => text !== "") };
};

const reasonLines = (reason: string): string[] => {
  const [, taint] = /\{(.+)\}/.exec(reason) ?? [];
  if (taint !== undefined) return taintLines(taint.replace(/: ?$/, "").replace(": ", "="));
  return reason
    .replace("node(s) ", "")
    .split(/(?<=^.{8,16}) /)
    .slice(0, 2);
};

function verdictOf(
  decision: Decision | undefined,
  node: NodeSeen,
  ranks: readonly string[],
): NodeScene["verdict"] {
  const refused = decision?.refused.find((verdict) => verdict.node === node.name);
  if (refused !== undefined) {
    const byTaint = refused.plugin === "TaintToleration" && node.taints[0] !== undefined;
    const reason = byTaint ? taintLines(node.taints[0] ?? "") : reasonLines(refused.reason);
    return { kind: "refused", plugin: refused.plugin, reason };
  }
  if (decision?.ranked !== true) return { kind: "none" };
  const { bars, total } = barsOf(decision.scores, node.name);
  if (bars.length === 0) return { kind: "none" };
  const at = ranks.indexOf(node.name);
  return { kind: "ranked", bars, total, place: places[at] ?? `${at + 1}th` };
}

/** Pods drawn on the map: not what the map shows as places already (static Pods, kube-proxy, network). */
const drawn = ({ key }: PodSeen): boolean =>
  !/^kube-system\/(etcd-|kube-|kindnet|flannel)/.test(key);

const mark = (pod: PodSeen, hotKey: string): PodMark => {
  const name = pod.key.split("/")[1] ?? pod.key;
  const label = name.startsWith("coredns") ? "coredns" : shortName(name);
  return {
    ...pod,
    label: label.length > 9 ? `${label.slice(0, 8)}…` : label,
    hot: pod.key === hotKey,
  };
};

function podsThatFit({ detail, h }: NodeSlot, verdict: NodeScene["verdict"]): number {
  if (detail === "cell") return 0;
  if (detail === "compact") return h < 60 ? 0 : h < 90 ? 1 : 2;
  if (verdict.kind === "refused") return 2;
  return verdict.kind === "ranked" ? 2 : 4;
}

function nodesOf(
  model: Model,
  slots: readonly NodeSlot[],
  hotKey: string,
  ringing: Place | undefined,
): NodeScene[] {
  const { decision } = model;
  const totals = new Map<string, number>();
  for (const { node, score } of decision?.scores ?? [])
    totals.set(node, (totals.get(node) ?? 0) + score);
  const ranks = [...totals]
    .toSorted((a, b) => b[1] - a[1] || (b[0] === decision?.chosen ? 1 : -1))
    .map(([name]) => name);
  const byNode = Map.groupBy([...model.pods.values()].filter(drawn), ({ node }) => node);
  const crowded = [...model.pods.values()].filter(drawn).length > mostTokens;
  return slots.map((slot) => {
    const node = model.nodes.get(slot.name) ?? {
      name: slot.name,
      ready: true,
      unschedulable: false,
      taints: [],
      room: "",
      cidr: "",
    };
    const verdict = verdictOf(decision, node, ranks);
    const pods = byNode.get(slot.name) ?? [];
    const room = crowded ? 0 : podsThatFit(slot, verdict);
    const shown =
      pods.length <= room ? pods : pods.slice(Math.max(0, pods.length - Math.max(0, room - 1)));
    return {
      slot,
      ready: node.ready,
      lines: linesOf(node),
      verdict,
      winner: decision?.ranked === true && decision.chosen === slot.name,
      pods: room === 0 ? [] : shown.map((pod) => mark(pod, hotKey)),
      more: room === 0 ? pods.length : pods.length - shown.length,
      ringing: ringing === `node/${slot.name}`,
    };
  });
}

/** The calls of a Pod's start, in order; those not made yet are drawn pale. */
const startCalls = ["RunPodSandbox", "PullImage", "CreateContainer", "StartContainer"];

function insetOf(
  inside: Inside | undefined,
  model: Model,
  current: Beat | undefined,
): InsetScene | undefined {
  if (inside === undefined) return undefined;
  const { namespace, name } = objectName(inside.obj);
  const pod = model.pods.get(`${namespace}/${name}`);
  const made = new Set(inside.calls.map(({ call }) => call));
  const nowCall = current?.kind === "local" ? current.call : "";
  const extra = inside.calls.map(({ call }) => call).filter((call) => !startCalls.includes(call));
  const names = [
    ...new Set([...startCalls.filter((call) => made.has(call) || extra.length === 0), ...extra]),
  ].slice(-5);
  const started = made.has("StartContainer") || pod?.state === "running" || pod?.state === "ready";
  const image = inside.calls.find(({ call }) => call === "CreateContainer" || call === "PullImage");
  const [, called] = /image="?(?:[\w.-]+\/)*([\w.-]+)/.exec(image?.detail ?? "") ?? [];
  return {
    node: inside.node,
    calls: names.map((call) => ({
      name: call,
      now: call === nowCall,
      ok: inside.calls.find((one: LocalBeat) => one.call === call)?.ok ?? true,
    })),
    ip: inside.ip,
    sandbox: made.has("RunPodSandbox") || inside.ip !== "" || started,
    containers: [
      { name: "pause", word: "" },
      {
        name: called ?? "container",
        word: started ? "running" : made.has("CreateContainer") ? "created" : "waiting",
      },
    ],
  };
}

const inBox = ({ x, w }: Box, at: number, margin: number): number =>
  Math.max(x + margin, Math.min(x + w - margin, at));

interface Motion {
  readonly gates: readonly GateState[];
  readonly trail: Line;
  readonly ahead: Line;
  readonly token: TokenScene | undefined;
  readonly ticket: Scene["ticket"];
  readonly ringing: Place | undefined;
  readonly bellText: string;
}

const still = (layout: Layout): Motion => ({
  gates: layout.gates.map(() => "idle"),
  trail: [],
  ahead: [],
  token: undefined,
  ticket: undefined,
  ringing: undefined,
  bellText: "",
});

function requestMotion(
  layout: Layout,
  roads: readonly Road[],
  beat: RequestBeat,
  t: number,
): Motion {
  const road = roads.find(({ kind, from }) => kind === "request" && from === beat.place)?.points;
  const refused = beat.outcome === "refused";
  const stored = beat.outcome === "stored";
  const plan = { road: road ?? [layout.westDoor], passes: beat.passes, refused, stored };
  const { points, far, gates, drop } = walk(layout, plan, t);
  const at = along(points, far);
  const { api } = layout;
  const under = api.y + api.h + (layout.name === "wide" ? 16 : 18);
  const entered = at.x >= api.x && Math.abs(at.y - layout.gateLine) < 1;
  const half = layout.name === "tall" ? 66 : 74;
  const labelAt = {
    x: inBox(
      { ...api, w: layout.etcd.x - api.x + (layout.name === "wide" ? 0 : -10) },
      entered ? at.x : api.x,
      half,
    ),
    y: under,
  };
  const dropped = { x: at.x, y: at.y + drop * (under - at.y) };
  return {
    gates,
    trail: part(points, 0, far),
    ahead: part(points, far, Number.MAX_SAFE_INTEGER),
    token: {
      kind: tokenOf(objectName(beat.obj)),
      at: dropped,
      label: labelOf(beat),
      labelAt,
      shown: !(stored && t >= commitAt),
    },
    ticket:
      refused && gates.includes("shut")
        ? { code: beat.code, text: beat.message, at: { x: labelAt.x, y: under }, drop }
        : undefined,
    ringing: undefined,
    bellText: "",
  };
}

const arrives = 0.75;

function watchMotion(
  layout: Layout,
  roads: readonly Road[],
  beat: Extract<Beat, { kind: "watch" }>,
  t: number,
): Motion {
  const road = roads.find(({ kind, to }) => kind === "watch" && to === beat.place)?.points ?? [];
  const share = Math.min(1, t / arrives);
  const whole = road.reduce(
    (sum, point, i) =>
      i === 0
        ? 0
        : sum + Math.hypot(point.x - (road[i - 1]?.x ?? 0), point.y - (road[i - 1]?.y ?? 0)),
    0,
  );
  const far = whole * (1 - (1 - share) ** 3);
  const there = t >= arrives;
  return {
    ...still(layout),
    trail: part(road, 0, far),
    ahead: there ? [] : part(road, far, Number.MAX_SAFE_INTEGER),
    token: {
      kind: "bell",
      at: along(road, far),
      label: "",
      labelAt: { x: 0, y: 0 },
      shown: !there && road.length > 0,
    },
    ringing: there ? beat.place : undefined,
    bellText: `${beat.event} ${rowText(beat.obj)}`,
  };
}

function motionOf(
  layout: Layout,
  roads: readonly Road[],
  beat: Beat | undefined,
  t: number,
): Motion {
  if (beat?.kind === "request" && beat.place !== "api")
    return requestMotion(layout, roads, beat, t);
  if (beat?.kind === "watch") return watchMotion(layout, roads, beat, t);
  return still(layout);
}

/** When the effect of a beat shows. */
function effectAt(beat: Beat | undefined): number {
  if (beat?.kind === "request") return commitAt;
  return beat?.kind === "watch" ? 1 : 0;
}

function hotPod(beat: Beat | undefined, after: boolean): string {
  if (beat === undefined) return "";
  const { resource, namespace, name } = objectName(beat.obj);
  const relevant =
    beat.kind === "local" ||
    beat.kind === "filter" ||
    beat.kind === "rank" ||
    (beat.kind === "request" && after);
  return resource === "pods" && relevant ? `${namespace}/${name}` : "";
}

export function scene(layout: Layout, recording: Recording, cursor: number, t: number): Scene {
  const beats = beatsOf(recording.events);
  const beat = beats[cursor];
  const after = t >= effectAt(beat);
  const model = modelAt(recording, after ? cursor + 1 : cursor);
  const names = [...model.nodes.keys()].toSorted(byName);
  const slots = layout.slots(names);
  const roads = layout.roads(slots);
  const motion = motionOf(layout, roads, beat, t);
  const stored = beat?.kind === "request" && beat.outcome === "stored" && after;
  const hotKey = hotPod(beat, after);
  const waiting = [...model.pods.values()].filter(
    (pod) => pod.node === "" && pod.state === "pending",
  );
  const byLearner = beat?.kind === "request" && beat.place === "laptop";
  return {
    layout,
    slots,
    roads,
    ...motion,
    etcd: {
      revision: model.rev,
      hot: stored,
      rows: model.rows.map(({ rev, obj }, i) => ({
        rev,
        text: rowText(obj),
        hot: stored && i === 0,
      })),
    },
    laptop: {
      asked: byLearner
        ? `${beat.verb} ${rowText(beat.obj)}`
        : model.asked === ""
          ? ""
          : model.asked.replace(/ .*/, (obj) => ` ${rowText(obj.trim())}`),
      answer:
        byLearner && !after && !motion.gates.includes("shut") ? "sent, waiting" : model.answer,
      hot: byLearner && after,
    },
    queue: waiting.map((pod) => mark(pod, hotKey)),
    nodes: nodesOf(model, slots, hotKey, motion.ringing),
    inset: insetOf(model.inside, model, beat),
  };
}

/** control-plane-1 first, then workers by number. */
export function byName(a: string, b: string): number {
  return (
    Number(b.startsWith("control-plane")) - Number(a.startsWith("control-plane")) ||
    a.localeCompare(b, "en", { numeric: true })
  );
}
