/** Inside one node: kubelet, its calls in order, runtime, sandbox with the address, containers. */
import { nothing, svg, type SVGTemplateResult } from "lit";
import { text } from "./glyph.ts";
import type { Scene } from "./scene.ts";

type Piece = SVGTemplateResult | typeof nothing;

export function drawInset({ layout, inset, slots }: Scene): Piece {
  const { key } = layout;
  if (key === undefined || inset === undefined) return nothing;
  const { x, y, w, h } = key;
  const slot = slots.find(({ name }) => name === inset.node);
  const leader =
    slot === undefined
      ? nothing
      : svg`<path d="M${x + w - 24} ${y + h + 3}L${slot.x + slot.w / 2} ${slot.y}" class="zoomline"/>`;
  const frame = svg`<rect x=${x - 3} y=${y - 3} width=${w + 6} height=${h + 6} rx="4" class="zoomframe"/><rect x=${x} y=${y} width=${w} height=${h} rx="2" class="insetbox"/>`;
  const top = y + 26;
  const tall = h - 34;
  const step = tall / Math.max(1, inset.calls.length);
  const calls = inset.calls.map(({ name, now, ok }, i) => {
    const at = top + step * (i + 0.5) + 4;
    const state = now ? "now" : "";
    return svg`<path d="M${x + 62} ${at}H${x + 164}m-5 -3l5 3l-5 3" class="call ${state}"/>${text(x + 113, at - 3, `${name}${ok ? "" : " ×"}`, `s95 ${now ? "hot b" : ""}`, "middle")}`;
  });
  const parts = svg`<rect x=${x + 10} y=${top} width="48" height=${tall} class="insetin"/>${text(x + 34, top + tall / 2 + 4, "kubelet", "sb", "middle")}<rect x=${x + 168} y=${top} width="18" height=${tall} class="insetin"/><text class="sb" text-anchor="middle" transform="translate(${x + 180} ${top + tall / 2}) rotate(-90)">runtime</text>`;
  const left = x + 194;
  const width = w - 204;
  const sandbox = svg`<rect x=${left} y=${top} width=${width} height=${tall} class="sandbox ${inset.sandbox ? "" : "off"}"/>${text(left + 6, top + 12, "sandbox", "flow s105")}${text(left + width - 6, top + 12, inset.ip, "mono s10", "end")}`;
  const each = (width - 18) / 2;
  const containers = inset.containers.map(({ name, word }, i) => {
    const at = left + 6 + i * (each + 6);
    const off = !inset.sandbox || word === "waiting";
    return svg`<rect x=${at} y=${top + 18} width=${each} height=${tall - 24} rx="2" class="cont ${off ? "off" : ""}"/>${text(at + each / 2, top + tall / 2 + (word === "" ? 12 : 6), name, "sb", "middle")}${word === "" ? nothing : text(at + each / 2, top + tall / 2 + 18, word, "s95 ink2", "middle")}`;
  });
  return svg`<g class="inset">${leader}${frame}${text(x + 10, y + 18, `Inside ${inset.node}`, "h")}${text(x + w - 10, y + 18, "none of this leaves the node", "flow", "end")}${parts}${calls}${sandbox}${containers}</g>`;
}
