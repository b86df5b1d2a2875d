/** A cluster's page: `<cluster>/-/page`. Everything it shows comes from the cluster's own paths. */
import { render } from "lit";
import { stringify } from "yaml";
import { runBlock } from "./commands/run.ts";
import { resourceNamed, urlOf } from "./commands/resources.ts";
import { course, face, lesson, Refused } from "./cluster/face.ts";
import { Live } from "./cluster/live.ts";
import { looked, startedWith } from "./cluster/seen.ts";
import { narrate } from "./picture/narrate.ts";
import { objectName } from "./picture/token.ts";
import { appended } from "./picture/recording.ts";
import { Player } from "./player.ts";
import { type Entry, firstState, Store } from "./state.ts";
import { nextTheme, rememberTheme, rememberedTheme } from "./theme.ts";
import type { Actions } from "./views/actions.ts";
import { unmarked } from "./views/marks.ts";
import { page } from "./views/page.ts";

/** Events kept at the start; older ones are history that nobody here has seen. */
const mostAtStart = 1_200;
const lookAfterMs = 150;
const judgeAfterMs = 350;
const speakEveryMs = 1_500;

const base = location.href.replace(/[?#].*$/, "").replace(/\/-\/page\/?$/, "");
const cluster = face(base);
const root = document.querySelector("#app") as HTMLElement;
let parts: readonly string[] = [];

const store = new Store(
  { ...firstState(base), theme: rememberedTheme(), tab: "lesson" },
  (state) => {
    const pane = document.querySelector(".map");
    const narrow = pane === null ? innerWidth < 1100 : pane.clientWidth < 600;
    render(page(state, actions, { wallMs: Date.now(), narrow, parts }), root);
  },
);
const player = new Player(store);

function later(run: () => Promise<void>, afterMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void run().catch(() => undefined);
    }, afterMs);
  };
}

const look = later(async () => {
  const facts = await cluster.picture();
  store.set({ recording: looked(store.state.recording, facts) });
}, lookAfterMs);
const judge = later(async () => {
  if (store.state.lesson !== undefined) store.set({ progress: await cluster.progress() });
}, judgeAfterMs);
const readClock = later(async () => store.set({ clock: await cluster.clock() }), lookAfterMs);

/** The learner asked for exactly one step: its beats wait for Step, too. */
let stepping = false;

function took(events: Parameters<typeof appended>[1]): void {
  const { recording } = store.state;
  const all = appended(recording.events, events);
  if (all === recording.events) return;
  const wasAtEnd = player.atEnd;
  store.set({ recording: { ...recording, events: all } });
  player.came(!stepping, wasAtEnd);
  look();
  judge();
  readClock();
}

async function ordered(order: Parameters<typeof cluster.order>[0]): Promise<boolean> {
  store.set({ busy: true });
  try {
    const { clock, reached } = await cluster.order(order);
    store.set({ clock });
    return reached;
  } catch (error) {
    if (error instanceof Refused)
      tell({
        command: `kubestep ${JSON.stringify(order)}`,
        output: error.message,
        note: "",
        failed: true,
        running: false,
      });
    return false;
  } finally {
    store.set({ busy: false });
  }
}

function tell(entry: Entry): void {
  store.set({ transcript: [...store.state.transcript, entry] });
}

const files = new Map<string, Promise<string>>();
function file(name: string): Promise<string> {
  const known = files.get(name);
  if (known !== undefined) return known;
  const wanted = fetch(`/f/${encodeURIComponent(name)}`).then(async (answer) => {
    if (!answer.ok) throw new Error(`error: the path "${name}" does not exist`);
    return answer.text();
  });
  files.set(name, wanted);
  return wanted;
}

const actions: Actions = {
  back: () => player.back(),
  step: () => {
    if (player.step()) return;
    stepping = true;
    void (async () => {
      await ordered({ step: 1 });
      await live?.catchUp();
      player.step();
      stepping = false;
    })();
  },
  play: () => {
    const { clock } = store.state;
    if (clock !== undefined && clock.mode !== "paused") {
      player.halt();
      void ordered({ mode: "paused" });
      return;
    }
    player.run();
    void ordered({ mode: "fast", speed: clock?.speed ?? 1 });
  },
  speed: (speed) => {
    const running = store.state.clock?.mode !== "paused";
    void ordered(running ? { mode: "fast", speed } : { speed });
  },
  show: (beat) => player.show(beat),
  open: (place) => {
    store.set({ inspected: { place, obj: "", yaml: "" }, tab: "shell" });
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".ihead h2")?.focus());
  },
  openObject: (obj) => {
    const { inspected } = store.state;
    if (inspected === undefined) return;
    store.set({ inspected: { ...inspected, obj, yaml: "" } });
    void readObject(obj);
  },
  close: () => {
    const place = store.state.inspected?.place;
    store.set({ inspected: undefined });
    requestAnimationFrame(() =>
      document.querySelector<SVGElement>(`[data-place="${place ?? ""}"]`)?.focus(),
    );
  },
  tab: (tab) => store.set({ tab }),
  shell: (shell) => store.set({ shell, inspected: undefined }),
  variant: (variant) => store.set({ variant }),
  run: (source) => void run(source),
  copy: (text) => {
    void navigator.clipboard?.writeText(text);
    store.set({ copied: text, spoken: "Copied" });
    setTimeout(() => store.set({ copied: "" }), 1_600);
  },
  answer: (name, value) => void answer(name, value),
  theme: () => {
    const theme = nextTheme(store.state.theme);
    rememberTheme(theme);
    store.set({ theme });
  },
  retry: () => void live?.catchUp(),
};

async function run(source: string): Promise<void> {
  const at = store.state.transcript.length;
  tell({ command: source, output: "", note: "", failed: false, running: true });
  store.set({ shell: "terminal", inspected: undefined });
  const { output, failed, requests } = await runBlock(source, {
    base,
    host: location.origin,
    file,
  });
  await live?.catchUp();
  const rev = store.state.recording.events.at(-1)?.rev ?? store.state.recording.rev;
  const note =
    requests === 0 ? "" : `${requests} request${requests === 1 ? "" : "s"}, revision ${rev}`;
  store.set({
    transcript: store.state.transcript.map((one, i) =>
      i === at ? { ...one, output, note, failed, running: false } : one,
    ),
  });
  document.querySelector(".log")?.scrollTo(0, Number.MAX_SAFE_INTEGER);
  judge();
  readClock();
}

async function answer(name: string, value: string): Promise<void> {
  const command = `kubestep answer ${name}=${value}`;
  try {
    const { lines } = await cluster.answer({ [name]: value });
    tell({ command, output: lines.join("\n"), note: "", failed: false, running: false });
  } catch (error) {
    tell({
      command,
      output: error instanceof Error ? error.message : String(error),
      note: "",
      failed: true,
      running: false,
    });
  }
  judge();
}

async function readObject(obj: string): Promise<void> {
  const { resource, namespace, name } = objectName(obj);
  let yaml: string;
  try {
    const path = urlOf(resourceNamed(resource), namespace, name);
    const got = await fetch(`${base}/${path}`, { headers: { accept: "application/json" } });
    yaml = stringify(await got.json()).trimEnd();
  } catch (error) {
    yaml = error instanceof Error ? error.message : String(error);
  }
  const { inspected } = store.state;
  if (inspected?.obj === obj) store.set({ inspected: { ...inspected, yaml } });
}

/** Arrows step, Space plays, F6 goes round the panes, Escape closes the inspector. */
addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.key === "F6") {
    event.preventDefault();
    const panes = [
      ...document.querySelectorAll<HTMLElement>("#p-lesson, #p-picture, #p-shell"),
    ].filter((pane) => pane.offsetParent !== null);
    const at = panes.findIndex((pane) => pane.contains(document.activeElement));
    const next = panes[(at + (event.shiftKey ? -1 : 1) + panes.length) % panes.length];
    const first =
      next?.matches("[tabindex]") === true
        ? next
        : next?.querySelector<HTMLElement>('[tabindex="0"], button, textarea');
    first?.focus();
    return;
  }
  if (event.key === "Escape" && store.state.inspected !== undefined) return actions.close();
  if (
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    event.altKey ||
    event.ctrlKey ||
    event.metaKey
  )
    return;
  if (event.key === "ArrowRight") actions.step();
  else if (event.key === "ArrowLeft") actions.back();
  else if (event.key === " " && target.tagName !== "BUTTON") actions.play();
  else return;
  event.preventDefault();
});
addEventListener("resize", () => store.set({}));

/** The narrator's voice: at most one sentence each 1.5 s, and only of what has come to its end. */
setInterval(() => {
  const { recording, cursor, t, spoken } = store.state;
  if (t < 1 || recording.events.length === 0) return;
  const { say, why } = narrate(recording, cursor, 1);
  const sentence = unmarked(`${say} ${why}`.trim());
  if (sentence !== spoken) store.set({ spoken: sentence });
}, speakEveryMs);

/** The next lesson is a new cluster: the link works without script by way of the start page. */
addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLElement>("[data-lesson]");
  if (link === null) return;
  event.preventDefault();
  void startLesson(link.dataset["lesson"] ?? "");
});

async function startLesson(id: string): Promise<void> {
  const made = await fetch("/clusters", {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ lesson: id }),
  });
  const { page: url } = (await made.json()) as { page?: string };
  if (url !== undefined) location.href = url;
}

let live: Live | undefined;

async function start(): Promise<void> {
  const [overview, { events }, facts, clock, all] = await Promise.all([
    cluster.overview(),
    cluster.trace(""),
    cluster.picture(),
    cluster.clock(),
    course(),
  ]);
  ({ parts } = all);
  const kept = { nodes: [], pods: [], rev: 0, seen: [], events: events.slice(-mostAtStart) };
  const recording = looked(startedWith(kept, facts), facts);
  store.set({ overview, clock, course: all.lessons, recording });
  player.show(Number.MAX_SAFE_INTEGER);
  live = new Live(base, cluster, {
    events: took,
    connection: (connection) => store.set({ connection }),
    last: () => store.state.recording.events.at(-1)?.id ?? "",
  });
  if (overview.lesson) {
    const text = await lesson(overview.lesson);
    store.set({ lesson: text, progress: await cluster.progress() });
    document.title = `${text.title} · kubestep`;
    const named = await Promise.all(
      text.files.map(async (name) => [name, await file(name)] as const),
    );
    store.set({ files: Object.fromEntries(named) });
  }
}

rememberTheme(store.state.theme);
store.set({});
start().catch((error: unknown) => {
  const gone =
    error instanceof Refused && (error.code === 404 || error.code === 410 || error.code === 401);
  store.set({ connection: gone ? "ended" : "stale" });
  if (!gone) setTimeout(() => location.reload(), 5_000);
});
