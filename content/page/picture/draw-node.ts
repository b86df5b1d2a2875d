/** A node of the map: its name and bell, its room, verdict or taint, its Pods, its three programs. */
import { nothing, svg, type SVGTemplateResult } from "lit";
import { bell, lamp, podMark, text } from "./glyph.ts";
import type { LayoutName } from "./layout.ts";
import type { Bar, NodeScene } from "./scene.ts";

type Piece = SVGTemplateResult | typeof nothing;

const shortNode = (name: string): string =>
  name.replace(/^control-plane-/, "cp-").replace(/^worker-/, "w-");

function bars(all: readonly Bar[], x: number, y: number, w: number): Piece {
  const from = x + 45;
  const widest = w - 45 - 34;
  return svg`${all.map(({ name, score, share, full }, i) => {
    const top = y + i * 15;
    return svg`${text(x, top + 7, name, "s105 ink2")}<rect x=${from} y=${top} width=${full * widest} height="7" class="scoretrack"/><rect x=${from} y=${top} width=${share * widest} height="7" class="scorebar"/>${text(x + w, top + 7, String(score), "num s105", "end")}`;
  })}`;
}

function full({ slot, lines, verdict, pods, more }: NodeScene, hatch: string): Piece {
  const { x, y, w, h } = slot;
  const foot = y + h - 30;
  const third = w / 3;
  const feet = ["kubelet", "runtime", "proxy"];
  const programs = svg`<path d="M${x} ${foot}H${x + w}M${x + third} ${foot}V${y + h}M${x + 2 * third} ${foot}V${y + h}" class="edge"/>${feet.map((name, i) => text(x + third * (i + 0.5), foot + 19, name, "sb ink2", "middle"))}`;
  const tells =
    verdict.kind === "refused"
      ? svg`<rect x=${x + 0.5} y=${y + 30} width=${w - 1} height=${h - 60} fill="url(#${hatch})"/><rect x=${x + 6} y=${y + 34} width=${w - 12} height=${30 + 14 * (1 + verdict.reason.length)} rx="2" class="plate"/><path d="M${x + 15} ${y + 45}l7 7m0 -7l-7 7" class="x"/>${text(x + 28, y + 52.5, "filtered out", "s12 b")}${text(x + 14, y + 70, verdict.plugin, "mono s10")}${verdict.reason.map((line, i) => text(x + 14, y + 84 + i * 14, line, "mono s10 ink2"))}`
      : verdict.kind === "ranked"
        ? svg`${bars(verdict.bars, x + 10, y + 39, w - 20)}<path d="M${x + 10} ${y + 98}H${x + w - 10}" class="edge2"/>${text(x + 10, y + 112, verdict.place, `s12 ${verdict.place === "first" ? "b" : "ink2"}`)}${text(x + w - 10, y + 113, String(verdict.total), "num s14 b", "end")}`
        : svg`${text(x + 10, y + 46, lines.title, "flow s115")}${lines.text.map((line, i) => text(x + 10, y + 61 + i * 13, line, "mono s10"))}`;
  const top = verdict.kind === "none" ? y + 98 : y + 137;
  const listed = pods.map((pod, i) =>
    podMark(pod, { x: x + 7, y: top + i * 25 }, pod.word, w - 12),
  );
  const rest =
    more > 0
      ? text(
          x + 10,
          top + pods.length * 25 + 2,
          pods.length === 0 ? `×${more}` : `and ${more} more`,
          pods.length === 0 ? "num s16" : "s115 ink2",
        )
      : nothing;
  const none =
    pods.length === 0 && more === 0 && verdict.kind !== "refused"
      ? text(x + 10, top + 4, "no Pod", "flow s115")
      : nothing;
  return svg`${text(x + 9, y + 20, slot.name, "mono nn b")}${programs}${tells}${listed}${rest}${none}`;
}

function compact(
  { slot, verdict, pods, more, ready }: NodeScene,
  hatch: string,
  tall: boolean,
): Piece {
  const { x, y, w, h } = slot;
  const name = text(x + 7, y + 16, w < 90 ? shortNode(slot.name) : slot.name, "mono nn b");
  const count = more + pods.length;
  if (verdict.kind === "refused") {
    return svg`<rect x=${x + 0.5} y=${y + 22} width=${w - 1} height=${h - 23} fill="url(#${hatch})"/><rect x=${x + 3} y=${y + 24} width=${w - 6} height=${tall ? 34 : 18} rx="2" class="plate"/>${name}<path d="M${x + (tall ? w / 2 - 3.5 : 8)} ${y + 29}l7 7m0 -7l-7 7" class="x"/>${text(tall ? x + w / 2 : x + 20, tall ? y + 52 : y + 37, verdict.plugin === "TaintToleration" ? "tainted" : "refused", "s115", tall ? "middle" : "start")}`;
  }
  const bottom = y + h - 14;
  const shown = pods
    .slice(0, 1)
    .map((pod) =>
      tall || w < 70
        ? svg`<g class="pod ${pod.state} ${pod.hot ? "hot" : ""}"><rect x=${x + 6} y=${bottom - 8.5} width=${w - 12} height="17" rx="8.5" class="podbody"/>${lamp(pod.state, x + 16, bottom)}${text(x + 24, bottom + 3.4, pod.label.slice(0, Math.max(2, Math.floor((w - 32) / 6))), "mono s95")}</g>`
        : podMark(pod, { x: x + 7, y: bottom }, pod.word, w - 12),
    );
  if (verdict.kind === "ranked") {
    const width = w - 14;
    const widest = Math.max(
      1,
      verdict.bars.reduce((sum, { full: most }) => sum + most, 0),
    );
    const share = verdict.bars.reduce((sum, { share: got }) => sum + got, 0) / widest;
    const total = tall
      ? text(
          x + w / 2,
          y + 46,
          String(verdict.total),
          `num s14 ${verdict.place === "first" ? "b" : ""}`,
          "middle",
        )
      : text(
          x + w - 8,
          y + 33,
          String(verdict.total),
          `num s115 ${verdict.place === "first" ? "b" : ""}`,
          "end",
        );
    const size = tall ? width : width - 44;
    return svg`${name}<rect x=${x + 7} y=${y + 24} width=${size * share} height="7" class="scorebar"/><rect x=${x + 7} y=${y + 24} width=${size} height="7" class="scoreframe"/>${total}${tall ? shown : nothing}`;
  }
  const said = !ready
    ? text(x + 7, y + 34, "not ready", "flow s115")
    : count === 0
      ? text(x + 7, y + 34, "no Pod", "flow s115")
      : nothing;
  const many =
    pods.length === 0 && count > 0 ? text(x + 7, y + 36, `×${count}`, "num s14") : nothing;
  const rest =
    pods.length > 0 && count > 1 ? text(x + 7, bottom - 16, `${count} Pods`, "s11 ink2") : nothing;
  return svg`${name}${said}${many}${rest}${shown}`;
}

function cell({ slot, more, pods }: NodeScene): Piece {
  const { x, y, w, h } = slot;
  return w < 14
    ? nothing
    : text(x + w / 2, y + h / 2 + 4, String(more + pods.length), "num s105", "middle");
}

export function drawNode(node: NodeScene, hatch: string, layout: LayoutName): SVGTemplateResult {
  const { slot, ready, winner, ringing } = node;
  const { x, y, w, h, detail } = slot;
  const inner =
    detail === "full"
      ? full(node, hatch)
      : detail === "compact"
        ? compact(node, hatch, layout === "tall")
        : cell(node);
  const frame = winner
    ? svg`<rect x=${x - 2} y=${y - 2} width=${w + 4} height=${h + 4} rx="5" class="winner"/>`
    : nothing;
  return svg`<rect x=${x} y=${y} width=${w} height=${h} rx="3" class="box ${ready ? "" : "silent"}"/>${inner}${detail === "cell" ? nothing : bell(slot.bell, ringing, detail === "full" ? 0.72 : 0.55)}${frame}`;
}
