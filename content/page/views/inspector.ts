/** What a place is, what lies in it, and an object of it as YAML with its journey. */
import { html, nothing, type TemplateResult } from "lit";
import { type Beat, beatsOf } from "#content/page/picture/beats.ts";
import type { Place } from "#content/page/picture/layout.ts";
import { modelAt } from "#content/page/picture/model.ts";
import { narrateBeat } from "#content/page/picture/narrate.ts";
import { objectName } from "#content/page/picture/token.ts";
import type { State } from "#content/page/state.ts";
import type { Actions } from "./actions.ts";
import { closeIcon, marked } from "./marks.ts";

const about: Readonly<Record<string, readonly [string, string]>> = {
  laptop: [
    "Your laptop",
    "Here you write wishes. kubectl turns YAML into JSON, sends it over HTTPS, and prints the answer.",
  ],
  controllers: [
    "Controller manager",
    "A dozen loops in one program. Each watches one kind, compares wish and fact, and writes the next object. None talks to another.",
  ],
  scheduler: [
    "Scheduler",
    "For each Pod without a node it drops the nodes that cannot take it, ranks the rest, and writes one name.",
  ],
  api: [
    "API server",
    "The only door. Every request, whoever sends it, passes seven gates: who are you, may you, can I read it, defaults, is it valid, one last word, stored.",
  ],
  etcd: [
    "etcd",
    "The cluster's memory: a list of revisions. Only the API server asks it. What is not here does not exist.",
  ],
  node: [
    "",
    "A machine. Its kubelet watches for Pods that name it, asks the runtime for sandbox and containers, and reports back through the door.",
  ],
};

const mostOfJourney = 40;

function journey(state: State, wanted: (beat: Beat) => boolean, actions: Actions): TemplateResult {
  const beats = beatsOf(state.recording.events);
  const mine = beats
    .map((beat, at) => ({ beat, at }))
    .filter(({ beat }) => wanted(beat))
    .slice(-mostOfJourney);
  if (mine.length === 0) return html`<p class="none">Nothing yet.</p>`;
  return html`<ol class="jour">
    ${mine.map(({ beat, at }) => {
      const written = beat.kind === "request" && beat.outcome === "stored";
      return html`<li class="${written ? "" : "n"} ${at === state.cursor ? "now" : ""}">
        <span class="r num">${written ? beat.rev : ""}</span><span class="dot"></span
        ><button @click=${() => actions.show(at)}>${marked(narrateBeat(beat, 1).say)}</button>
      </li>`;
    })}
  </ol>`;
}

function objectsIn(place: Place, state: State): string[] {
  const model = modelAt(state.recording, state.cursor + 1);
  if (place.startsWith("node/")) {
    const node = place.slice(5);
    return [
      `nodes/${node}`,
      ...[...model.pods.values()]
        .filter((pod) => pod.node === node)
        .map(({ key }) => `pods/${key}`),
    ];
  }
  if (place === "scheduler")
    return [...model.pods.values()]
      .filter(({ node, state: is }) => node === "" && is === "pending")
      .map(({ key }) => `pods/${key}`);
  if (place === "etcd")
    return [...new Set(model.rows.map(({ obj }) => obj.replace(/\/(status|binding|scale)$/, "")))];
  return [];
}

export function inspector(state: State, actions: Actions): TemplateResult {
  const { inspected } = state;
  if (inspected === undefined) return html``;
  const { place, obj, yaml } = inspected;
  const [title = "", text = ""] = about[place.startsWith("node/") ? "node" : place] ?? [];
  const shownTitle = obj !== "" ? objectName(obj).name : title === "" ? place.slice(5) : title;
  const objects = obj === "" ? objectsIn(place, state) : [];
  const wanted = (beat: Beat): boolean =>
    obj !== ""
      ? beat.obj === obj || beat.obj.startsWith(`${obj}/`)
      : place === "api" || place === "etcd"
        ? beat.kind === "request"
        : beat.place === place;
  return html`<div class="ihead">
      <h2 class=${obj !== "" || place.startsWith("node/") ? "mono" : ""} tabindex="-1">
        ${shownTitle}
      </h2>
      <button class="ib" aria-label="Close the inspector" @click=${() => actions.close()}>
        ${closeIcon}
      </button>
      ${obj === "" ? html`<p>${text}</p>` : html`<p><button class="link" @click=${() => actions.open(place)}>Back to ${title === "" ? place.slice(5) : title}</button></p>`}
    </div>
    <div class="ibody" tabindex="0" role="region" aria-label="Details">
      ${
        objects.length === 0
          ? nothing
          : html`<h3>What lies here</h3>
              <ul class="things">
                ${objects.map((one) => html`<li><button class="link mono" @click=${() => actions.openObject(one)}>${one.replace(/^(\w+)\/(default\/)?/, "$1/")}</button></li>`)}
              </ul>`
      }
      ${
        obj === ""
          ? nothing
          : html`<h3>As stored <span>read through the API server</span></h3>
              <pre class="file" tabindex="0">${yaml === "" ? "reading…" : yaml}</pre>`
      }
      <h3>Journey <span>numbers are revisions</span></h3>
      ${journey(state, wanted, actions)}
    </div>`;
}
