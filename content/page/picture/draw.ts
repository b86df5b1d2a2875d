/** A scene as SVG. Places are buttons; what moves lies in a layer of its own, hidden from readers. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { type Line, outline, path, part, lengthOf, along, type Point } from "./geometry.ts";
import { drawKey } from "./draw-key.ts";
import { drawInset } from "./draw-inset.ts";
import { drawNode } from "./draw-node.ts";
import { bell, box, podMark, podWidth, text, token } from "./glyph.ts";
import type { Layout, Place } from "./layout.ts";
import type { Scene } from "./scene.ts";

type Piece = SVGTemplateResult | typeof nothing;

const gateNames = ["authenticate", "authorise", "decode", "mutate", "validate", "admit", "commit"];

function land({ coast }: Layout): Piece {
  const shape = outline(coast, 10);
  return svg`${["c4", "c3", "c2", "c1"].map((c) => svg`<path d=${shape} class="coast ${c}"/>`)}<path d=${shape} class="land"/>`;
}

function roads({ roads: all }: Scene): Piece {
  return svg`${all.map(({ kind, points }) =>
    kind === "store"
      ? svg`<path d=${path(points.map(({ x, y }) => ({ x: x - 3, y })))} class="edge2"/><path d=${path(points.map(({ x, y }) => ({ x: x + 3, y })))} class="edge2"/>`
      : svg`<path d=${path(points)} class=${kind === "watch" ? "road w" : "road"}/>`,
  )}`;
}

/** A place that can be opened: one tab stop for the whole map, arrows between them. */
function place(name: Place, label: string, inner: Piece, open: boolean): Piece {
  return svg`<g class="place" data-place=${name} role="button" tabindex=${name === "api" ? 0 : -1} aria-label=${label} aria-pressed=${open}>${inner}</g>`;
}

function laptop({ layout, laptop: { asked, answer, hot } }: Scene, open: boolean): Piece {
  const b = layout.laptop;
  const wide = layout.name === "wide";
  const tall = layout.name === "tall";
  const file = asked.split(" ").slice(1).join(" ");
  const verb = asked.split(" ")[0] ?? "";
  const short = file.length > 15 ? `${file.slice(0, 14)}…` : file;
  const name = text(
    b.x + (tall ? 8 : wide ? 12 : 8),
    b.y + (tall ? 18 : wide ? 22 : 18),
    "Your laptop",
    "h",
  );
  const tool = text(
    b.x + (tall ? 8 : wide ? 12 : 8),
    b.y + (tall ? 33 : wide ? 40 : 34),
    "kubectl, curl",
    "mono s10 ink2",
  );
  const said = wide
    ? svg`${file === "" ? nothing : svg`${token("sheet", { x: b.x + 24, y: b.y + 70 }, 0.9, "still")}${text(b.x + 40, b.y + 67, verb, "s105 ink2")}${text(b.x + 12, b.y + 98, short, "mono s95")}`}${text(b.x + 12, b.y + 116, answer, `mono s10 ${hot ? "hot" : "ink2"}`)}`
    : text(
        b.x + (tall ? 92 : 8),
        b.y + (tall ? 26 : 56),
        answer,
        `mono s95 ${hot ? "hot" : "ink2"}`,
      );
  const stand = wide
    ? svg`<path d="M${b.x - 6} ${b.y + b.h + 4}h${b.w + 12}" class="edge2"/>`
    : nothing;
  return place(
    "laptop",
    `Your laptop${answer === "" ? "" : `, last answer ${answer}`}`,
    svg`${box(b)}${name}${tool}${said}${stand}`,
    open,
  );
}

function controllers({ layout }: Scene, open: boolean): Piece {
  const b = layout.controllers;
  const wide = layout.name === "wide";
  const name = layout.name === "tall" ? "Controllers" : "Controller manager";
  return place(
    "controllers",
    "Controller manager, turns wishes into objects",
    svg`${box(b)}${text(b.x + (wide ? 12 : 8), b.y + (wide ? 24 : 19), name, "h")}${wide ? text(b.x + 12, b.y + 49, "turns wishes into objects", "s115 ink2") : nothing}`,
    open,
  );
}

function scheduler({ layout, queue }: Scene, open: boolean): Piece {
  const b = layout.scheduler;
  const wide = layout.name === "wide";
  const first = queue.slice(0, 2);
  const more = queue.length - first.length;
  let x = b.x + 66;
  const waiting = first.map((pod) => {
    const at = { x, y: b.y + 46 };
    x += podWidth(pod) + 6;
    return podMark(pod, at, "");
  });
  const inner = wide
    ? svg`${text(b.x + 12, b.y + 50, "its queue", "flow")}${queue.length === 0 ? text(b.x + 66, b.y + 50, "empty", "s115 ink2") : svg`${waiting}${text(x, b.y + 50, more > 0 ? `and ${more}` : "", "s115 ink2")}`}`
    : nothing;
  const label = `Scheduler, its queue ${queue.length === 0 ? "is empty" : `holds ${queue.length}`}`;
  return place(
    "scheduler",
    label,
    svg`${box(b)}${text(b.x + (wide ? 12 : 8), b.y + (wide ? 24 : 19), "Scheduler", "h")}${inner}`,
    open,
  );
}

function api({ layout }: Scene, open: boolean): Piece {
  const b = layout.api;
  const wide = layout.name === "wide";
  const motto = wide
    ? text(b.x + b.w - 12, b.y + 19, "one door, seven gates", "flow", "end")
    : nothing;
  return place(
    "api",
    "API server, one door, seven gates",
    svg`${box(b)}${text(b.x + 12, b.y + (wide ? 20 : 17), "API server", "h")}${motto}`,
    open,
  );
}

function etcd({ layout, etcd: { revision, hot, rows } }: Scene, open: boolean): Piece {
  const b = layout.etcd;
  const wide = layout.name === "wide";
  const y = b.y + (wide ? 24 : 21);
  const right = b.x + b.w - (wide ? 12 : 8);
  const figures = String(revision);
  const width = figures.length * (wide ? 12.4 : 9.2);
  const listed = wide
    ? svg`${[0, 1, 2].map((i) => {
        const top = b.y + 33 + i * 17;
        const row = rows[i];
        return svg`<path d="M${b.x} ${top}H${b.x + b.w}" class="edge"/>${row === undefined ? nothing : text(b.x + 12, top + 12.5, `${row.rev} ${row.text.slice(0, 21)}`, `mono s10 ${row.hot ? "hot" : i === 0 ? "" : "ink2"}`)}`;
      })}<path d="M${b.x} ${b.y + 84}H${b.x + b.w}" class="edge"/>${text(b.x + 12, b.y + 97, "only the API server asks it", "flow s115")}`
    : nothing;
  return place(
    "etcd",
    `etcd, revision ${revision}`,
    svg`${box(b)}${text(b.x + (wide ? 12 : 8), y - 2, "etcd", "h")}${listed}${text(right, y, figures, `num ${wide ? "s22" : "s16"} ${hot ? "hot" : ""}`, "end")}${text(right - width - 8, y - 1, "revision", "s11 ink2", "end")}`,
    open,
  );
}

function gate({ layout, gates }: Scene, i: number): Piece {
  const at = layout.gates[i];
  const state = gates[i] ?? "idle";
  if (at === undefined) return nothing;
  const { radius: r, height } = layout.arch;
  const top = at.y - height;
  const arch = `M${at.x - r - 3} ${at.y}h3V${top}a${r} ${r} 0 0 1 ${2 * r} 0V${at.y}h3`;
  const tall = layout.name === "tall";
  const lit = state === "now" || state === "shut";
  const number = top - r - 5;
  const tick =
    state === "past" && !tall
      ? svg`<path d="M${at.x - 11} ${number - 3.5}l2.4 2.6l4.4 -5.4" class="gtick"/>`
      : nothing;
  const cross =
    state === "shut"
      ? svg`<path d="M${at.x - 6} ${layout.gateLine - 6}l12 12m0 -12l-12 12" class="bar"/>`
      : nothing;
  const label = tall
    ? text(
        at.x,
        at.y + 15,
        lit
          ? `${i + 1} ${gateNames[i] ?? ""}`
          : gates.some((one, j) => (one === "now" || one === "shut") && Math.abs(i - j) === 1)
            ? ""
            : String(i + 1),
        "s11 gl",
        "middle",
      )
    : svg`${tick}${text(at.x + (state === "past" ? 4 : 0), number, String(i + 1), "s11 gn", "middle")}${text(at.x, at.y + 15, gateNames[i] ?? "", "s115 gl", "middle")}`;
  return svg`<g class="gate ${state}"><path d=${arch}/>${cross}${label}</g>`;
}

/** Arrowheads along a trail, so that a still tells the direction. */
function chevrons(trail: Line, api: Point): Piece {
  const whole = lengthOf(trail);
  if (whole < 60) return nothing;
  const marks: Piece[] = [];
  let far = 0;
  for (let i = 1; i < trail.length; i += 1) {
    const a = trail[i - 1] as Point;
    const b = trail[i] as Point;
    const size = Math.hypot(b.x - a.x, b.y - a.y);
    const mid = along(trail, far + size / 2);
    far += size;
    const through = a.y === b.y && Math.abs(a.y - api.y) < 1;
    if (size < 30 || through) continue;
    const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
    marks.push(
      svg`<path d="M5 0L-4 -5V5Z" transform="translate(${mid.x} ${mid.y}) rotate(${angle})" class="chev"/>`,
    );
  }
  return svg`${marks}`;
}

function motion(scene: Scene): Piece {
  const { trail, ahead, token: moving, ticket, layout } = scene;
  const label = moving?.shown === true && moving.label !== "";
  return svg`
    ${ahead.length > 1 ? svg`<path d=${path(ahead)} class="ahead"/>` : nothing}
    ${trail.length > 1 && lengthOf(part(trail, 0, Number.MAX_SAFE_INTEGER)) > 0.5 ? svg`<path d=${path(trail)} class="trail"/>${chevrons(trail, layout.westDoor)}` : nothing}
    ${layout.gates.map((_, i) => gate(scene, i))}
    ${moving?.shown === true ? token(moving.kind, moving.at, layout.name === "tall" ? 0.8 : 0.95, "hot") : nothing}
    ${label && ticket === undefined ? text(moving.labelAt.x, moving.labelAt.y, moving.label, "s12 b hot", "middle") : nothing}
    ${ticket === undefined ? nothing : text(ticket.at.x + 14, ticket.at.y + 1, `${ticket.code} ${ticketText(ticket.text)}`, "s12 b hot", "start")}`;
}

const ticketText = (message: string): string =>
  message.length > 30 ? `${message.slice(0, 29)}…` : message;

function bells({ layout, ringing, bellText }: Scene): Piece {
  const ring = (name: "controllers" | "scheduler"): Piece =>
    bell(layout.bells[name], ringing === name, layout.name === "tall" ? 0.6 : 0.72);
  const spoken =
    ringing === "controllers" || ringing === "scheduler" ? layout.bells[ringing] : undefined;
  const said =
    spoken !== undefined && layout.name === "wide"
      ? text(
          spoken.x - 14,
          spoken.y + 4,
          bellText.length > 24 ? `${bellText.slice(0, 23)}…` : bellText,
          "mono s95 hot",
          "end",
        )
      : nothing;
  return svg`${ring("controllers")}${ring("scheduler")}${said}`;
}

function words({ layout }: Scene): Piece {
  if (layout.name !== "wide") return nothing;
  return svg`${text(330, 137, "requests enter by the west door", "flow", "middle")}${text(542, 24, "watches leave by the east", "flow", "middle")}${text(24, 356, "kubelets report back", "flow")}`;
}

export interface DrawOptions {
  /** The place whose inspector is open. */
  readonly open: Place | "";
  /** A picture only: no buttons. */
  readonly plain?: boolean;
  readonly label: string;
}

export function draw(scene: Scene, { open, plain = false, label }: DrawOptions): TemplateResult {
  const { layout } = scene;
  const id = `hatch-${layout.name}`;
  return html`<svg
    class="pic pic-${layout.name}"
    viewBox="0 0 ${layout.width} ${layout.height}"
    role=${plain ? "img" : "group"}
    aria-label=${label}
  >
    <defs>
      <pattern
        id=${id}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path d="M0 0V6" class="hatch" />
      </pattern>
    </defs>
    <g aria-hidden="true">${land(layout)}${roads(scene)}${words(scene)}</g>
    <g class=${plain ? "plain" : "places"} aria-hidden=${plain ? "true" : nothing}>
      ${laptop(scene, open === "laptop")}${controllers(scene, open === "controllers")}${scheduler(scene, open === "scheduler")}
      ${api(scene, open === "api")}${etcd(scene, open === "etcd")}
      ${scene.nodes.map((node) => place(`node/${node.slot.name}`, nodeLabel(node), drawNode(node, id, layout.name), open === `node/${node.slot.name}`))}
    </g>
    <g aria-hidden="true">
      ${scene.inset === undefined ? drawKey(layout) : drawInset(scene)}${bells(scene)}${motion(scene)}
    </g>
  </svg>`;
}

function nodeLabel({ slot, ready, pods, more, verdict }: Scene["nodes"][number]): string {
  const count = pods.length + more;
  const told =
    verdict.kind === "refused"
      ? `, filtered out by ${verdict.plugin}`
      : verdict.kind === "ranked"
        ? `, ${verdict.total} points`
        : "";
  return `Node ${slot.name}${ready ? "" : ", not ready"}, ${count === 0 ? "no Pod" : `${count} Pod${count === 1 ? "" : "s"}`}${told}`;
}
