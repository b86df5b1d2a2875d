/** Against a list that is searched from end to end. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ActivePods } from "#scheduler/active-pods.ts";

const ops = fc.array(
  fc.record({
    op: fc.constantFrom("add" as const, "delete" as const),
    key: fc.constantFrom("a", "b", "c", "d"),
    priority: fc.constantFrom(-1, 0, 5),
  }),
);

test("the first of the highest priority above one's own, in order of arrival", () => {
  fc.assert(
    fc.property(ops, fc.constantFrom(-2, -1, 0, 5), (all, own) => {
      const pods = new ActivePods();
      let model: { readonly key: string; readonly priority: number }[] = [];
      for (const { op, key, priority } of all) {
        const known = model.find((one) => one.key === key);
        if (op === "delete") pods.delete(key);
        else pods.add(key, priority);
        if (op === "add" && known?.priority === priority) continue;
        model = model.filter((one) => one.key !== key);
        if (op === "add") model.push({ key, priority });
      }
      const above = model.filter(({ priority }) => priority > own);
      const highest = Math.max(...above.map(({ priority }) => priority));
      expect(pods.firstAbove(own)).toBe(above.find((one) => one.priority === highest)?.key);
      expect(pods.size).toBe(model.length);
    }),
  );
});
