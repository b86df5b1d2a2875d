/** Lists as sets: `sets.contains`, `sets.equivalent`, `sets.intersects`. Upstream: cel-go ext/sets.go. */
import { spend } from "#apiserver/cel/cost.ts";
import { namespace } from "./library.ts";
import type { Library } from "./library.ts";
import { sameValue } from "./lists.ts";

type List = readonly unknown[];
const has = (list: List, item: unknown): boolean => {
  spend(list.length * 0.1);
  return list.some((one) => sameValue(one, item));
};
const contains = (list: List, all: List): boolean => all.every((item) => has(list, item));

export const setsLibrary: Library = (environment) => {
  const sets = namespace(environment, "sets");
  environment
    .registerFunction(`${sets}.contains(list<A>, list<A>): bool`, (_: unknown, a: List, b: List) =>
      contains(a, b),
    )
    .registerFunction(
      `${sets}.equivalent(list<A>, list<A>): bool`,
      (_: unknown, a: List, b: List) => contains(a, b) && contains(b, a),
    )
    .registerFunction(
      `${sets}.intersects(list<A>, list<A>): bool`,
      (_: unknown, a: List, b: List) => b.some((item) => has(a, item)),
    );
};
