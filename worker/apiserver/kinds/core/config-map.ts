/** ConfigMap. Upstream: pkg/registry/core/configmap/strategy.go, pkg/apis/core/validation ValidateConfigMap. */
import type { V1ConfigMap } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, invalid, tooLong } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import {
  countOfKeys,
  decodedBytes,
  frozen,
  keys,
  mostBytes,
  mostTextBytes,
  sum,
  textBytes,
} from "#apiserver/kinds/rules/data.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

const texts = new FieldPath("data");
const binary = new FieldPath("binaryData");
/** Upstream's path of no name. */
const whole = new FieldPath("[]");

function validate({ data, binaryData }: V1ConfigMap): readonly FieldError[] {
  const errors: Errors = [];
  keys(errors, texts, data);
  for (const key of Object.keys(data ?? {}))
    if (binaryData?.[key] !== undefined)
      errors.push(invalid(texts.key(key), key, "duplicate of key present in binaryData"));
  keys(errors, binary, binaryData);
  const binaryBytes = sum(binaryData, decodedBytes);
  const mayBeTooLong = sum(data, mostTextBytes) + binaryBytes > mostBytes;
  if (mayBeTooLong && sum(data, textBytes) + binaryBytes > mostBytes)
    errors.push(tooLong(whole, mostBytes));
  return errors;
}

export const configMap: Kind<V1ConfigMap> = {
  gvk: "v1/ConfigMap",
  validateCreate: validate,
  validateUpdate(next, previous) {
    const errors: Errors = [];
    frozen(errors, next, previous, ["data", "binaryData"]);
    return [...errors, ...validate(next)];
  },
  columns: columnsOf(
    column("Data", "string", doc("core.v1.ConfigMap.data"), ({ data, binaryData }: V1ConfigMap) =>
      countOfKeys(data, binaryData),
    ),
  ),
};
