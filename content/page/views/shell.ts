/** Transcript of commands, the trace line by line, the lesson's files. */
import { html, nothing, type TemplateResult } from "lit";
import { beatsOf } from "#content/page/picture/beats.ts";
import { narrateBeat } from "#content/page/picture/narrate.ts";
import type { Entry, State } from "#content/page/state.ts";
import type { Actions } from "./actions.ts";
import { marked } from "./marks.ts";

const entry = ({ command, output, note, failed, running }: Entry): TemplateResult =>
  html`<div class="e ${running ? "live" : ""} ${failed ? "failed" : ""}">
    <div class="c">${command}</div>
    ${output === "" ? nothing : html`<div class="o" tabindex="0" role="group" aria-label="Output">${output}</div>`}
    ${note === "" ? nothing : html`<span class="t num">${note}</span>`}
  </div>`;

function terminal(state: State, actions: Actions): TemplateResult {
  const keys = (event: KeyboardEvent): void => {
    const field = event.target as HTMLTextAreaElement;
    if (event.key === "Escape") field.blur();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (field.value.trim() === "") return;
    actions.run(field.value.trim());
    field.value = "";
  };
  const none = html`<p class="none">
    Commands you run stand here, with what they answered. Try <code>kubectl get nodes</code>.
  </p>`;
  return html`<div class="log" role="log" tabindex="0" aria-label="Terminal transcript">
      ${state.transcript.length === 0 ? none : state.transcript.map(entry)}
    </div>
    <div class="prompt">
      <span aria-hidden="true">$</span
      ><textarea
        rows="2"
        aria-label="Command"
        placeholder="kubectl get pods -o wide"
        autocapitalize="off"
        spellcheck="false"
        @keydown=${keys}
      ></textarea>
    </div>`;
}

const mostLines = 300;

function trace({ recording, cursor }: State, actions: Actions): TemplateResult {
  const beats = beatsOf(recording.events);
  const first = Math.max(0, beats.length - mostLines);
  const lines = beats.slice(first).map((beat, i) => {
    const at = first + i;
    const written = beat.kind === "request" && beat.outcome === "stored";
    return html`<li class=${at === cursor ? "now" : at > cursor ? "to-come" : ""}>
      <button @click=${() => actions.show(at)} aria-current=${at === cursor ? "step" : nothing}>
        <span class="r num">${written ? beat.rev : "–"}</span
        ><span>${marked(narrateBeat(beat, 1).say)}</span>
      </button>
    </li>`;
  });
  return html`<ol class="beats" tabindex="0" aria-label="Trace, one line a beat">
    ${lines}
  </ol>`;
}

export function shellPane(state: State, actions: Actions): TemplateResult {
  const { shell, files } = state;
  const names = ["terminal", "trace", ...Object.keys(files)];
  const labels: Readonly<Record<string, string>> = { terminal: "Terminal", trace: "Trace" };
  const tab = (name: string): TemplateResult =>
    html`<button
      role="tab"
      id="tab-${name}"
      aria-controls="shell-body"
      aria-selected=${shell === name}
      tabindex=${shell === name ? 0 : -1}
      class=${name in labels ? "" : "mono"}
      @click=${() => actions.shell(name)}
    >
      ${labels[name] ?? name}
    </button>`;
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = names[(names.indexOf(shell) + by + names.length) % names.length] ?? "terminal";
    actions.shell(next);
    (event.currentTarget as Element).querySelector<HTMLElement>(`[id="tab-${next}"]`)?.focus();
  };
  const file = files[shell];
  return html`<div
      class="tabs"
      role="tablist"
      aria-label="Terminal, trace and files"
      @keydown=${keys}
    >
      ${names.map(tab)}
    </div>
    <div
      class="body ${shell === "terminal" ? "term" : ""}"
      id="shell-body"
      role="tabpanel"
      aria-labelledby="tab-${shell}"
    >
      ${file !== undefined ? html`<pre class="file" tabindex="0">${file}</pre>` : shell === "trace" ? trace(state, actions) : terminal(state, actions)}
    </div>`;
}
