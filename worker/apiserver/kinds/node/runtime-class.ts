/** RuntimeClass. Upstream: pkg/registry/node/runtimeclass/strategy.go, pkg/apis/node/validation. */
import type { V1RuntimeClass } from "#apimachinery/api/node-v1.ts";
import { duplicate, FieldPath } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { overhead } from "#apiserver/kinds/core/pod-spec/resources.ts";
import { tolerations } from "#apiserver/kinds/core/pod-spec/scheduling.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { oldLabelWarnings } from "#apiserver/kinds/rules/old-labels.ts";
import { type Errors, immutable, requiredName } from "#apiserver/kinds/rules/rule.ts";
import { labels } from "#apiserver/kinds/rules/selector.ts";

const at = new FieldPath("scheduling");
/** A toleration as upstream prints one. */
const shown = ["key", "operator", "value", "effect", "tolerationSeconds"];
const empty = { key: "", operator: "", value: "", effect: "" };

export const runtimeClass: Kind<V1RuntimeClass> = {
  gvk: "node.k8s.io/v1/RuntimeClass",
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate({ handler, overhead: given, scheduling = {} }) {
    const errors: Errors = [];
    requiredName(errors, new FieldPath("handler"), handler, dns1123Label);
    if (given !== undefined) overhead(errors, new FieldPath("overhead"), given.podFixed ?? {});
    labels(errors, at.child("nodeSelector"), scheduling.nodeSelector);
    const here = at.child("tolerations");
    tolerations(errors, here, scheduling.tolerations);
    const seen = new Set<string>();
    for (const [i, one] of (scheduling.tolerations ?? []).entries()) {
      const text = JSON.stringify([one.key, one.operator, one.value, one.effect]);
      if (seen.has(text)) errors.push(duplicate(here.index(i), asInternal(one, shown, empty)));
      seen.add(text);
    }
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, new FieldPath("handler"), next.handler, previous.handler);
    return errors;
  },
  warnings: ({ scheduling }) =>
    Object.keys(scheduling?.nodeSelector ?? {}).flatMap((label) =>
      oldLabelWarnings(at.child("nodeSelector"), label),
    ),
  columns: columnsOf(
    // Upstream looks the description up where there is none.
    column("Handler", "string", "", ({ handler }: V1RuntimeClass) => handler ?? ""),
  ),
};
