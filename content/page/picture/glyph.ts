/** The smallest marks of the picture: text, box, token, bell, Pod. */
import { nothing, svg, type SVGTemplateResult } from "lit";
import type { Box, Point } from "./geometry.ts";
import type { PodMark } from "./scene.ts";
import { type TokenKind, tokenPaths } from "./token.ts";

export function text(
  x: number,
  y: number,
  value: string,
  classes: string,
  anchor: "start" | "middle" | "end" = "start",
): SVGTemplateResult {
  return svg`<text x=${x} y=${y} class=${classes} text-anchor=${anchor}>${value}</text>`;
}

export function box({ x, y, w, h }: Box): SVGTemplateResult {
  return svg`<rect x=${x} y=${y} width=${w} height=${h} rx="3" class="box"/>`;
}

export function token(
  kind: TokenKind,
  { x, y }: Point,
  scale: number,
  classes: string,
): SVGTemplateResult {
  return svg`<g transform="translate(${x} ${y}) scale(${scale})" class="tok ${classes}"><path d=${tokenPaths[kind]}/></g>`;
}

export function bell({ x, y }: Point, ringing: boolean, scale: number): SVGTemplateResult {
  return svg`<g transform="translate(${x} ${y}) scale(${scale})" class="tok bell ${ringing ? "ring" : ""}"><path d=${tokenPaths.bell}/></g>`;
}

export const podWidth = ({ label }: Pick<PodMark, "label">): number => 30 + label.length * 6.4;

/** The lamp of a Pod at (x, y): what it says is also its shape. */
export function lamp(state: PodMark["state"], x: number, y: number): SVGTemplateResult {
  const half =
    state === "running"
      ? svg`<path d="M${x} ${y - 5}A5 5 0 0 0 ${x} ${y + 5}Z" class="lamphalf"/>`
      : nothing;
  const tick =
    state === "ready" ? svg`<path d="M${x - 2.6} ${y}l1.9 2l3.3 -3.9" class="lamptick"/>` : nothing;
  const cross =
    state === "failed"
      ? svg`<path d="M${x - 2.4} ${y - 2.4}l4.8 4.8m0 -4.8l-4.8 4.8" class="lampcross"/>`
      : nothing;
  return svg`<circle cx=${x} cy=${y} r="5" class="lamp ${state}"/>${half}${tick}${cross}`;
}

/** A capsule with its lamp; `at` is its west end, half way up. */
export function podMark(
  pod: PodMark,
  { x, y }: Point,
  word: string,
  most: number = Number.POSITIVE_INFINITY,
): SVGTemplateResult {
  const width = podWidth(pod);
  const struck =
    pod.state === "leaving"
      ? svg`<path d="M${x + 4} ${y}H${x + width - 4}" class="struck"/>`
      : nothing;
  const room = width + 6 + word.length * 5.6 <= most;
  return svg`<g class="pod ${pod.state} ${pod.hot ? "hot" : ""}"><rect x=${x} y=${y - 11} width=${width} height="22" rx="11" class="podbody"/>${lamp(pod.state, x + 12, y)}${text(x + 22, y + 3.6, pod.label, "mono s10")}${struck}${word === "" || !room ? nothing : text(x + width + 5, y + 3.6, word, "s105 ink2")}</g>`;
}
