/** Conditions that a device waits for before Pods are bound. Upstream: pkg/apis/resource/validation validateDeviceBindingParameters. */
import { duplicate, type FieldPath, invalid } from "#apimachinery/field.ts";
import { list } from "#apiserver/kinds/rules/collection.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { labelName } from "./names.ts";

const most = 4;

interface Given {
  readonly bindingConditions?: readonly string[] | undefined;
  readonly bindingFailureConditions?: readonly string[] | undefined;
}

export function bindingConditions(errors: Errors, at: FieldPath, given: Given): void {
  const { bindingConditions: good, bindingFailureConditions: bad } = given;
  if (good === undefined && bad === undefined) return;
  const [forGood, forBad] = [at.child("bindingConditions"), at.child("bindingFailureConditions")];
  list(errors, forGood, good, most, labelName);
  list(errors, forBad, bad, most, labelName);
  for (const [i, one] of (good ?? []).entries())
    if (good?.indexOf(one) !== i) errors.push(duplicate(forGood.index(i), one));
  for (const [i, one] of (bad ?? []).entries()) {
    if (bad?.indexOf(one) !== i) errors.push(duplicate(forBad.index(i), one));
    if (good?.includes(one) === true)
      errors.push(
        invalid(
          forBad.index(i),
          one,
          "bindingFailureConditions must not overlap with bindingConditions",
        ),
      );
  }
  const [goods, bads] = [good?.length ?? 0, bad?.length ?? 0];
  if (goods === 0 && bads > 0)
    errors.push(
      invalid(
        forGood,
        good ?? null,
        "bindingConditions are required to use bindingFailureConditions",
      ),
    );
  if (bads === 0 && goods > 0)
    errors.push(
      invalid(
        forBad,
        bad ?? null,
        "bindingFailureConditions are required to use bindingConditions",
      ),
    );
}
