/** The start page: one recorded step to take at once, the commands with this host's name, the course. */
import { html, render, type TemplateResult } from "lit";
import type { LessonHead } from "#learn/lesson.ts";
import { course } from "./cluster/face.ts";
import { draw } from "./picture/draw.ts";
import { layouts } from "./picture/layouts.ts";
import { narrate } from "./picture/narrate.ts";
import type { Recording } from "./picture/recording.ts";
import { scene } from "./picture/scene.ts";
import { Player } from "./player.ts";
import { firstState, type State, Store } from "./state.ts";
import { themeButton } from "./theme-button.ts";
import { marked } from "./views/marks.ts";

const narrowPx = 620;
const part = (id: string): HTMLElement => document.querySelector(`#${id}`) as HTMLElement;

/** Commands with this host in them. */
function commands(): void {
  const texts: Readonly<Record<string, string>> = {
    curl: `curl ${location.origin}`,
    kubectl: `curl -sX POST '${location.origin}/clusters?o=kubeconfig' > ks\nkubectl --kubeconfig ks get nodes`,
  };
  for (const code of document.querySelectorAll<HTMLElement>("[data-command]")) {
    const text = texts[code.dataset["command"] ?? ""] ?? "";
    code.textContent = text;
    const copy = document.createElement("button");
    copy.className = "btn sm";
    copy.textContent = "Copy";
    copy.addEventListener("click", () => {
      void navigator.clipboard?.writeText(text);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 1_600);
    });
    code.after(copy);
  }
}

/** A link or button with data-lesson makes a cluster and goes to its page. */
function doors(): void {
  addEventListener("click", (event) => {
    const door = (event.target as Element).closest<HTMLElement>("[data-lesson]");
    if (door === null) return;
    event.preventDefault();
    const lesson = door.dataset["lesson"] ?? "";
    const going = part("going");
    going.textContent = "Building your cluster: control plane, workers, system Pods.";
    const options = lesson === "" ? {} : { lesson };
    void open(options).catch((error: unknown) => {
      going.textContent = error instanceof Error ? error.message : String(error);
    });
  });
}
async function open(options: Readonly<Record<string, string>>): Promise<void> {
  const made = await fetch("/clusters", {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(options),
  });
  const { page, message } = (await made.json()) as { page?: string; message?: string };
  if (page === undefined) throw new Error(message ?? `the server answered ${made.status}`);
  location.href = page;
}

function still(state: State, step: () => void): TemplateResult {
  const { recording, cursor, t } = state;
  const narrow = part("still").clientWidth < narrowPx;
  const { say } = narrate(recording, cursor, t);
  return html`<div class="map">
      ${draw(scene(layouts[narrow ? "tall" : "short"], recording, cursor, t), { open: "", label: "Map of a cluster" })}
    </div>
    <div class="line">
      <p role="status">${marked(say)}</p>
      <button class="btn" @click=${step}>Step <kbd>→</kbd></button>
    </div>`;
}

async function picture(): Promise<void> {
  const answer = await fetch("/page/recording.json");
  const { recording, first } = (await answer.json()) as {
    readonly recording: Recording;
    readonly first: number;
  };
  const store = new Store({ ...firstState(""), recording, cursor: first, t: 0.62 }, (state) =>
    render(still(state, step), part("still")),
  );
  const player = new Player(store);
  const step = (): void => {
    if (!player.step()) player.show(0);
  };
  addEventListener("resize", () => store.set({}));
  store.set({});
}

function list(lessons: readonly LessonHead[], parts: readonly string[]): TemplateResult {
  return html`${parts.map((title, i) => {
    const own = lessons.filter((lesson) => lesson.part === i + 1);
    if (own.length === 0) return "";
    const minutes = own.reduce((sum, lesson) => sum + lesson.minutes, 0);
    return html`<div>
      <h2>${i + 1}. ${title} <small>${minutes} min</small></h2>
      <ol>
        ${own.map(
          ({ id, number, title: name }) =>
            html`<li><span>${number}</span><a href="#lessons" data-lesson=${id}>${name}</a></li>`,
        )}
      </ol>
    </div>`;
  })}`;
}

themeButton(part("theme"));
commands();
doors();
void picture();
void course().then(({ lessons, parts }) => render(list(lessons, parts), part("lessons")));
