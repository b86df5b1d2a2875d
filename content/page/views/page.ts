/** The workspace: lesson | picture over timeline | shell or inspector; on a phone one at a time. */
import { html, type TemplateResult } from "lit";
import type { State, Tab } from "#content/page/state.ts";
import type { Actions } from "./actions.ts";
import { bar } from "./bar.ts";
import { inspector } from "./inspector.ts";
import { lessonPane } from "./lesson.ts";
import { mapPane } from "./map.ts";
import { shellPane } from "./shell.ts";
import { controls, narrator, timeline } from "./time.ts";

export interface Frame {
  readonly wallMs: number;
  /** The picture's pane is narrower than 600 px. */
  readonly narrow: boolean;
  readonly parts: readonly string[];
}

const tabs: readonly (readonly [Tab, string])[] = [
  ["lesson", "Lesson"],
  ["picture", "Picture"],
  ["shell", "Shell"],
];

export function page(
  state: State,
  actions: Actions,
  { wallMs, narrow, parts }: Frame,
): TemplateResult {
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = tabs.findIndex(([tab]) => tab === state.tab);
    const [next] = tabs[(at + by + tabs.length) % tabs.length] ?? ["picture"];
    actions.tab(next as Tab);
    (event.currentTarget as Element).querySelector<HTMLElement>(`#m-${next}`)?.focus();
  };
  return html`<div id="work" data-tab=${state.tab}>
    ${bar(state, actions, wallMs)}
    <nav class="mtabs" aria-label="Panes">
      <div role="tablist" aria-label="Panes" @keydown=${keys}>
        ${tabs.map(([tab, name]) => html`<button role="tab" id="m-${tab}" aria-selected=${state.tab === tab} aria-controls="p-${tab}" tabindex=${state.tab === tab ? 0 : -1} @click=${() => actions.tab(tab)}>${name}</button>`)}
      </div>
    </nav>
    <main class="cols">
      <section class="lesson" id="p-lesson" aria-label="Lesson" tabindex="0">
        ${lessonPane(state, actions, parts)}
      </section>
      <section class="mid" id="p-picture" aria-label="Picture">
        ${mapPane(state, actions, narrow)} ${narrator(state)}
        <div class="time">${timeline(state, actions)}${controls(state, actions, false)}</div>
      </section>
      <aside
        class=${state.inspected === undefined ? "shell" : "insp"}
        id="p-shell"
        aria-label=${state.inspected === undefined ? "Shell" : "Inspector"}
      >
        ${state.inspected === undefined ? shellPane(state, actions) : inspector(state, actions)}
      </aside>
    </main>
    ${controls(state, actions, true)}
  </div>`;
}
