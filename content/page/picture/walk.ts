/** A request's walk: how far along its road it is at time `t`, and what the gates show then. */
import { lengthOf, type Line } from "./geometry.ts";
import type { Layout } from "./layout.ts";

export type GateState = "idle" | "ahead" | "now" | "past" | "shut";

/** Shares of the walk: to the west door, each gate, from the last gate to etcd. */
const approach = 0.18;
const perGate = 0.105;
/** Share of a gate's time spent standing in its arch. */
const rest = 0.5;
export const arriveAt: number = approach + 7 * perGate;
/** From here on the store has it. */
export const commitAt = 0.97;

const eased = (x: number): number => (x < 0.5 ? 2 * x * x : 1 - (2 - 2 * x) ** 2 / 2);
const clamp = (x: number): number => Math.max(0, Math.min(1, x));

export interface Walk {
  /** Road, gates and, if it is stored, the way down to etcd. */
  readonly points: Line;
  /** How far along `points` the token is. */
  readonly far: number;
  /** Gate it stands in or comes from, 0 to 7. */
  readonly gate: number;
  readonly gates: readonly GateState[];
  /** 0 to 1: how far a refused token has dropped. */
  readonly drop: number;
  readonly over: boolean;
}

export interface WalkPlan {
  readonly road: Line;
  /** Gates passed; a refused one stops in the next. */
  readonly passes: number;
  readonly refused: boolean;
  readonly stored: boolean;
}

export function walk(layout: Layout, { road, passes, refused, stored }: WalkPlan, t: number): Walk {
  const stops = Math.min(7, refused ? passes + 1 : passes);
  const line = layout.gateLine;
  const lastX = layout.gates[Math.max(0, stops - 1)]?.x ?? layout.westDoor.x;
  const { store } = layout;
  const down = store[0]?.x ?? layout.eastDoor.x;
  const points: Line = stored
    ? [...road, { x: down, y: line }, store.at(-1) ?? { x: down, y: line }]
    : [...road, { x: lastX, y: line }];
  const toDoor = lengthOf(road);
  const farAt = (gate: number): number =>
    gate === 0 ? toDoor : toDoor + Math.abs((layout.gates[gate - 1]?.x ?? 0) - layout.westDoor.x);

  const inside = (t - approach) / perGate;
  let far = toDoor * eased(clamp(t / approach));
  let gate = 0;
  if (inside > 0) {
    gate = Math.min(stops, Math.floor(inside) + 1);
    const share = inside >= stops ? 1 : clamp((inside - Math.floor(inside)) / (1 - rest));
    far = farAt(gate - 1) + (farAt(gate) - farAt(gate - 1)) * eased(share);
  }
  if (stored && t >= arriveAt) {
    const whole = lengthOf(points);
    far = farAt(7) + (whole - farAt(7)) * eased(clamp((t - arriveAt) / (commitAt - arriveAt)));
  }
  const end = approach + stops * perGate;
  const stands = inside > 0 && gate >= 1;
  const gates = layout.gates.map((_, i): GateState => {
    const n = i + 1;
    if (refused && n === stops && t >= end - perGate * rest) return "shut";
    if (stored && t >= arriveAt) return "past";
    if (n < gate) return "past";
    if (n === gate && stands) return t >= end && n === stops && !refused ? "past" : "now";
    return n <= stops || stored ? "ahead" : "idle";
  });
  const drop = refused ? clamp((t - end) / Math.max(0.05, 1 - end)) ** 2 : 0;
  return { points, far, gate, gates, drop, over: t >= (stored ? commitAt : end) };
}
