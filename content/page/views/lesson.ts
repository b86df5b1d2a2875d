/** The lesson: its text, tasks with their commands, the prediction, the fine print. */
import { html, nothing, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { LessonState, TaskState } from "#learn/judge.ts";
import type { Lesson, Task } from "#learn/lesson.ts";
import type { State } from "#content/page/state.ts";
import type { Actions } from "./actions.ts";

export function commandBlock(
  kubectl: string,
  curl: string,
  state: State,
  actions: Actions,
): TemplateResult {
  const same = kubectl === curl || curl === "";
  const source = same || state.variant === "kubectl" ? kubectl : curl;
  const choice = (variant: "kubectl" | "curl"): TemplateResult =>
    html`<button aria-pressed=${state.variant === variant} @click=${() => actions.variant(variant)}>
      ${variant}
    </button>`;
  return html`<div class="cmd">
    <pre tabindex="0" aria-label="Command">${source}</pre>
    <div class="row">
      ${same ? nothing : html`<div class="seg" role="group" aria-label="Written for">${choice("kubectl")}${choice("curl")}</div>`}
      <span class="grow"></span>
      <button class="act" @click=${() => actions.copy(source)}>
        ${state.copied === source ? "Copied" : "Copy"}
      </button>
      <button class="act b" @click=${() => actions.run(source)}>Run</button>
    </div>
  </div>`;
}

function answerForm(
  name: string,
  label: string,
  placeholder: string,
  actions: Actions,
): TemplateResult {
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem(
      "answer",
    ) as HTMLInputElement;
    if (field.value.trim() !== "") actions.answer(name, field.value.trim());
  };
  return html`<form class="ask" @submit=${send}>
    <input
      name="answer"
      aria-label=${label}
      placeholder=${placeholder}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
    />
    <button class="btn sm">Answer</button>
  </form>`;
}

function taskItem(
  task: Task,
  found: TaskState | undefined,
  number: number,
  current: boolean,
  state: State,
  actions: Actions,
): TemplateResult {
  const done = found?.done === true;
  const hint = found?.hint ?? "";
  return html`<li class="task ${done ? "done" : current ? "now" : ""}" id="task-${task.id}">
    <span class="mk num" aria-hidden="true">${done ? "✓" : number}</span>
    <span class="vh">${done ? "Done:" : `Task ${number}:`}</span>
    <div class="prose">${unsafeHTML(task.html)}</div>
    ${done ? html`<small>Done at revision <span class="num">${found?.rev ?? 0}</span></small>` : nothing}
    ${hint === "" ? nothing : html`<small class="hint">${hint}</small>`}
    ${task.kubectl === "" || (done && !current) ? nothing : commandBlock(task.kubectl, task.curl, state, actions)}
    ${task.ask === undefined || done ? nothing : answerForm(task.id, task.say, task.placeholder ?? "", actions)}
  </li>`;
}

function prediction(
  { predict }: Lesson,
  progress: LessonState | undefined,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (predict === null) return nothing;
  const state = progress?.predict;
  const locked = state?.locked === true;
  const chosen = state?.answer ?? "";
  const verdict =
    state === null || state === undefined || (chosen === "" && !locked)
      ? "Choose before you look: it locks when the answer shows."
      : !locked
        ? `You said ${chosen}. You may still change it.`
        : chosen === ""
          ? `Locked, not answered. ${state.because}`
          : `You said ${chosen}: ${state.right === true ? "right" : "not so"}. ${state.because}`;
  return html`<fieldset class="pred">
    <legend>${predict.ask}</legend>
    <div class="choices">
      ${predict.choices.map(
        (choice) =>
          html`<label class=${choice === chosen ? "on" : ""}
            ><input
              type="radio"
              name="q"
              class="vh"
              .checked=${choice === chosen}
              ?disabled=${locked}
              @change=${() => actions.answer("q", choice)}
            />${choice}</label
          >`,
      )}
    </div>
    <small role="status">${verdict}</small>
  </fieldset>`;
}

export function lessonPane(
  state: State,
  actions: Actions,
  parts: readonly string[],
): TemplateResult {
  const { lesson, progress } = state;
  if (lesson === undefined) return html`<div class="prose">${freeText(state)}</div>`;
  const found = new Map((progress?.tasks ?? []).map((task) => [task.id, task]));
  const current = lesson.tasks.find(({ id }) => found.get(id)?.done !== true)?.id;
  let number = 0;
  const blocks = lesson.blocks.map((block) => {
    if ("html" in block) {
      return html`<div class=${block.type === "prose" ? "prose" : "fine"}>
        ${unsafeHTML(block.html)}
      </div>`;
    }
    if (block.type === "predict") return prediction(lesson, progress, actions);
    const { id } = block;
    const task = lesson.tasks.find((one) => one.id === id);
    if (task === undefined) return nothing;
    number += 1;
    return html`<ol class="tasks" start=${number}>
      ${taskItem(task, found.get(task.id), number, task.id === current, state, actions)}
    </ol>`;
  });
  const done = progress?.done === true;
  return html` <p class="eyebrow">Part ${lesson.part}. ${parts[lesson.part - 1] ?? ""}</p>
    <h2>${lesson.title}</h2>
    ${blocks}
    ${
      done
        ? html`<div class="end">
            <p><b>Lesson ${lesson.number} is done.</b> Every task is true of your cluster.</p>
            ${nextLesson(state)}
          </div>`
        : nothing
    }`;
}

function nextLesson({ course, lesson }: State): TemplateResult | typeof nothing {
  const next = course.find(({ number }) => number === (lesson?.number ?? 0) + 1);
  return next === undefined
    ? html`<a class="btn" href="/">All lessons</a>`
    : html`<a class="btn pri" href="/learn/${next.id}" data-lesson=${next.id}
        >Lesson ${next.number}: ${next.title}</a
      >`;
}

const freeText = ({ base }: State): TemplateResult =>
  html` <p class="eyebrow">No lesson</p>
    <h2>Your cluster</h2>
    <p>
      A real API server answers at this address. Point kubectl at it, or use the shell on this page.
    </p>
    <div class="cmd">
      <pre tabindex="0" aria-label="Command">kubectl --server=${base} get nodes</pre>
    </div>
    <p>
      Whatever you send enters by the west door. Pause the clock, apply a Deployment, and step.
    </p>`;
