/** A step that waits for something outside: nothing else runs meanwhile, and it runs again with the answer. */
import { expect, test } from "vitest";
import { answerTo } from "#apiserver/awaiting.ts";
import type { Component, Step } from "#client/component.ts";
import { Clock, type ClockState } from "#cluster/clock.ts";
import { Loop } from "#cluster/loop.ts";

interface Said {
  readonly ran: string[];
  readonly notes: string[];
  readonly loop: Loop;
}

/** A loop of one component with keys a, b and c; `errand` is what `a` asks for. */
function loopOf(errand: () => Promise<string>): Said {
  const ran: string[] = [];
  const notes: string[] = [];
  let asked: ReadonlyMap<string, unknown> | undefined;
  const component: Component = {
    name: "asker",
    identity: () => ({ name: "asker", user: "asker", groups: [] }),
    start: (_, enqueue) => {
      for (const key of ["a", "b", "c"]) enqueue(key, 1);
    },
    reconcile(key, step: Step) {
      // The answers travel with the step's calls of the API.
      step.client.create({ apiVersion: "v1", kind: "Pod", metadata: {} });
      const answer = key === "a" ? answerTo({ answers: asked }, { id: "sign", run: errand }) : key;
      ran.push(answer);
      return undefined;
    },
  };
  let state: ClockState | undefined;
  const storage = {
    load: () => state,
    save: (next: ClockState) => {
      state = next;
    },
  };
  const loop = new Loop([{ identity: component.identity(""), components: [component] }], {
    clock: new Clock(storage, () => 1_000, 0),
    transport: {
      call: (_, call) => {
        asked = call.answers;
        return { object: undefined, items: [], wrote: false };
      },
      listAndWatch: () => ({ objects: [], revision: 1 }),
    },
    revision: () => 1,
    revisionMs: () => 0,
    random: () => 0,
    note: ({ facts }) => notes.push(JSON.stringify(facts)),
  } as ConstructorParameters<typeof Loop>[1]);
  loop.start();
  return { ran, notes, loop };
}

test("the others wait too, so that the order is the same each time", async () => {
  const { ran, notes, loop } = loopOf(async () => "signed");
  expect(loop.slice(10)).toBe(1);
  expect([ran, loop.ready]).toEqual([[], 3]);
  await loop.waiting;
  expect(loop.waiting).toBeUndefined();
  loop.slice(10);
  expect(ran).toEqual(["b", "c", "signed"]);
  expect(notes).toEqual([]);
});

test("an errand that fails is noted and tried again later; the loop goes on", async () => {
  let tries = 0;
  const { ran, notes, loop } = loopOf(async () => {
    tries += 1;
    if (tries === 1) throw new Error("no signature");
    return "signed";
  });
  loop.slice(10);
  await loop.waiting;
  loop.slice(10);
  expect(ran).toEqual(["b", "c"]);
  expect(notes.join("")).toContain("no signature");
  loop.stepOnce();
  await loop.waiting;
  loop.stepOnce();
  expect(ran).toEqual(["b", "c", "signed"]);
});
