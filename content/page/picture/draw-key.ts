/** The Key: lies on the map, in the place that the inset takes. */
import { nothing, svg, type SVGTemplateResult } from "lit";
import { lamp, text, token } from "./glyph.ts";
import type { Layout } from "./layout.ts";
import type { PodState } from "./recording.ts";
import type { TokenKind } from "./token.ts";

const tokens: readonly (readonly [TokenKind, string, number])[] = [
  ["deployment", "Deployment", 20],
  ["replicaset", "ReplicaSet", 117],
  ["service", "Service", 206],
  ["event", "Event", 278],
];
const pods: readonly (readonly [PodState, string, number])[] = [
  ["pending", "Pending", 22],
  ["bound", "has a node", 105],
  ["running", "Running", 198],
  ["ready", "Ready", 276],
];

export function drawKey({ key }: Layout): SVGTemplateResult | typeof nothing {
  if (key === undefined) return nothing;
  const { x, y, w, h } = key;
  const one = svg`${tokens.map(([kind, name, at]) => svg`${token(kind, { x: x + at, y: y + 42 }, 0.72, "still")}${text(x + at + 13, y + 46, name, "s115")}`)}`;
  const two = svg`${pods.map(([state, name, at]) => svg`<g class="pod ${state}"><rect x=${x + at - 12} y=${y + 59} width="24" height="22" rx="11" class="podbody"/>${lamp(state, x + at, y + 70)}</g>${text(x + at + 17, y + 74, name, "s115")}`)}`;
  return svg`<g class="key"><rect x=${x} y=${y} width=${w} height=${h} rx="2" class="keybox"/>${text(x + 12, y + 20, "Key", "h")}${text(x + w - 12, y + 20, "a capsule is a Pod; its lamp is its state", "flow", "end")}${one}${two}</g>`;
}
