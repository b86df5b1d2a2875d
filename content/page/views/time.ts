/** Narrator, timeline and controls: what this moment is, where it lies, what comes next. */
import { html, svg, type TemplateResult } from "lit";
import { type Beat, beatsOf } from "#content/page/picture/beats.ts";
import { actorName, narrate, nextOf } from "#content/page/picture/narrate.ts";
import type { State } from "#content/page/state.ts";
import type { Actions } from "./actions.ts";
import { backIcon, marked } from "./marks.ts";

const unlive: Readonly<Record<string, string>> = {
  connecting: "Connecting to the cluster.",
  polling: "The live line is down; the trace is asked for every two seconds.",
  stale: "Stale: the cluster cannot be reached. What you missed is replayed; nothing is skipped.",
  ended: "This cluster has ended. What is recorded can still be walked through.",
};

export function narrator(state: State): TemplateResult {
  const { recording, cursor, t, connection } = state;
  const { say, why } = narrate(recording, cursor, t);
  const trouble =
    connection === "live" || connection === "polling" ? undefined : unlive[connection];
  return html`<div class="narr">
    <p class="say">${marked(say)}</p>
    <p class="whyline">${trouble ?? marked(why)}</p>
    <p class="vh" role="status">${state.spoken}</p>
  </div>`;
}

const blocksShown = 15;

/** One block for each revision round the cursor; the one being written in accent. */
export function timeline({ recording, cursor, t }: State, actions: Actions): TemplateResult {
  const beats = beatsOf(recording.events);
  const beat = beats[cursor];
  const newest = beats.at(-1)?.rev ?? recording.rev;
  const written = beat?.kind === "request" && beat.outcome === "stored";
  const here = beat === undefined ? newest : written ? beat.rev - 1 + t : beat.rev;
  const last = Math.max(blocksShown, Math.min(newest + 1, Math.ceil(here) + 3));
  const first = Math.max(1, last - blocksShown + 1);
  const width = 1000 / blocksShown;
  const xOf = (rev: number): number => (rev - first + 1) * width;
  const blocks = Array.from({ length: blocksShown }, (_, i) => {
    const rev = first + i;
    const past = rev <= here;
    const share = past ? 1 : Math.max(0, Math.min(1, here - rev + 1));
    const hot = written && rev === beat.rev;
    return svg`<g><rect x=${i * width} y="8" width=${width} height="8" class="blk"/>${share > 0 ? svg`<rect x=${i * width} y=${rev % 2 === 0 && !hot ? 12 : 8} width=${width * share} height=${rev % 2 === 0 && !hot ? 0.01 : 8} class="blk ${hot ? "hot" : "done"}"/>` : ""}</g>`;
  });
  const labels = Array.from({ length: blocksShown }, (_, i) => {
    const rev = first + i;
    const now = rev === Math.floor(here);
    return rev % 2 === last % 2 || now
      ? html`<span class=${now ? "now" : ""} style="left:${((i + 0.5) * 100) / blocksShown}%"
          >${rev}</span
        >`
      : "";
  });
  const at = Math.max(0, Math.min(1000, xOf(here)));
  const spoken = `revision ${Math.floor(here)}; beat ${cursor + 1} of ${beats.length}`;
  return html`<div class="scale">
    <svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">${blocks}</svg>
    <i class="needle" style="left:${at / 10}%"></i>
    <div class="revs num" aria-hidden="true">${labels}</div>
    <input
      type="range"
      min="0"
      max=${Math.max(0, beats.length - 1)}
      .value=${String(cursor)}
      aria-label="Moment"
      aria-valuetext=${spoken}
      @input=${(event: InputEvent) => actions.show(Number((event.target as HTMLInputElement).value))}
    /><span class="ring"></span>
  </div>`;
}

function waitText(inMs: number): string {
  if (inMs < 1000) return "";
  const seconds = Math.round(inMs / 1000);
  return seconds < 120 ? ` in ${seconds} s` : ` in ${Math.round(seconds / 60)} min`;
}

/** The sentence after “Next: ”. */
export function nextText(state: State): string {
  const { recording, cursor, t, clock } = state;
  const inPicture = nextOf(recording, cursor, t);
  if (inPicture !== "") return inPicture;
  if (clock?.next === null) return "your wish; nothing is due";
  if (clock?.next === undefined) return "";
  const { component, key, inMs } = clock.next;
  const who = actorName(component).replace(/^The /, "");
  const short = key.length > 30 ? `…${key.slice(-28)}` : key;
  return `${who}, ${short}${waitText(inMs)}`;
}

export const speeds: readonly number[] = [0.1, 0.5, 1, 2, 10, 100, 1000];

export function controls(state: State, actions: Actions, sticky: boolean): TemplateResult {
  const { recording, cursor, t, clock, busy } = state;
  const beats: readonly Beat[] = beatsOf(recording.events);
  const running = clock !== undefined && clock.mode !== "paused";
  const atEnd = cursor >= beats.length - 1;
  const count = beats.length === 0 ? "No beat yet" : `Step ${cursor + 1} of ${beats.length}`;
  const speed = html`<select
    aria-label="Speed of the cluster's clock"
    @change=${(event: Event) => actions.speed(Number((event.target as HTMLSelectElement).value))}
  >
    ${speeds.map((one) => html`<option value=${one} ?selected=${one === (clock?.mode === "fast" ? clock.speed : 1)}>${one}×</option>`)}
  </select>`;
  const back = html`<button
    class="ib"
    aria-label="Back one step"
    ?disabled=${cursor === 0 && t >= 1}
    @click=${() => actions.back()}
  >
    ${backIcon}
  </button>`;
  const step = html`<button
    class="btn pri"
    data-do="step"
    ?disabled=${busy}
    @click=${() => actions.step()}
  >
    Step${sticky ? "" : html`<kbd aria-hidden="true">→</kbd>`}
  </button>`;
  const play = html`<button class="btn" data-do="play" @click=${() => actions.play()}>
    ${running ? "Pause" : "Play"}
  </button>`;
  if (sticky) return html`<footer class="sticky">${back}${play}${step}</footer>`;
  const next = nextText(state);
  return html`<div class="ctl" role="group" aria-label="Clock">
    ${back}${step}${play}${speed}<span class="grow"></span>
    <p class="st num">
      <b>${count}${running && atEnd ? `, clock ${clock?.mode}` : ""}</b
      ><br />${next === "" ? "" : `Next: ${next}`}
    </p>
  </div>`;
}
