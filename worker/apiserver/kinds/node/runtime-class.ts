/** RuntimeClass. Upstream: pkg/registry/node/runtimeclass/strategy.go, pkg/apis/node/validation. */
import type { V1RuntimeClass } from "#apimachinery/api/node-v1.ts";
import { duplicate, FieldPath } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { resourceAmount, containerResourceName } from "#apiserver/kinds/rules/resource.ts";
import { type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { labels } from "#apiserver/kinds/rules/selector.ts";

export const runtimeClass: Kind<V1RuntimeClass> = {
  gvk: "node.k8s.io/v1/RuntimeClass",
  unconditionalUpdate: false,
  validate({ handler, overhead, scheduling }) {
    const errors: Errors = [];
    named(errors, new FieldPath("handler"), handler ?? "", dns1123Label);
    const fixed = new FieldPath("overhead").child("podFixed");
    for (const [name, amount] of Object.entries(overhead?.podFixed ?? {})) {
      containerResourceName(errors, fixed.key(name), name);
      resourceAmount(errors, fixed.key(name), name, amount);
    }
    if (scheduling === undefined) return errors;
    const at = new FieldPath("scheduling");
    labels(errors, at.child("nodeSelector"), scheduling.nodeSelector);
    const tolerations = scheduling.tolerations ?? [];
    const seen = new Set<string>();
    for (const [i, one] of tolerations.entries()) {
      const text = JSON.stringify([one.key, one.operator, one.value, one.effect]);
      if (seen.has(text)) errors.push(duplicate(at.child("tolerations").index(i), one));
      seen.add(text);
    }
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, new FieldPath("handler"), next.handler, previous.handler);
    return errors;
  },
  columns: columnsOf(
    // Upstream looks the description up where there is none.
    column("Handler", "string", "", ({ handler }: V1RuntimeClass) => handler ?? ""),
  ),
};
