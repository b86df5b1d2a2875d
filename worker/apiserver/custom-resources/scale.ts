/**
 * Where a custom resource keeps its replicas, and what must stand there.
 * Upstream: apiextensions-apiserver/pkg/registry/customresource/validator.go ValidateScaleSpec, ValidateScaleStatus.
 */
import { type FieldError, FieldPath, invalid } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { goPrinted, goType, isObject } from "#apimachinery/typed/value.ts";
import type { ScalePaths } from "#apiserver/kinds/kind.ts";
import { jsonPath } from "./json-path.ts";

const largestInt = 2_147_483_647;

interface Scale {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string | undefined;
}
const parts = (path: string): readonly string[] => path.replace(/^\./, "").split(".");

export const scalePaths = ({
  specReplicasPath,
  statusReplicasPath,
  labelSelectorPath,
}: Scale): ScalePaths => ({
  spec: parts(specReplicasPath),
  status: parts(statusReplicasPath),
  selector: (object) => {
    const [value] = labelSelectorPath ? jsonPath(labelSelectorPath)(object) : [];
    return typeof value === "string" ? value : "";
  },
});

export const scaleErrors = (object: KubeObject, scale: Scale): readonly FieldError[] => [
  ...replicasErrors(object, scale.specReplicasPath),
  ...scaleStatusErrors(object, scale),
];
/** For a writer of the status alone. */
export const scaleStatusErrors = (
  object: KubeObject,
  { statusReplicasPath, labelSelectorPath }: Scale,
): readonly FieldError[] => [
  ...replicasErrors(object, statusReplicasPath),
  ...(labelSelectorPath ? selectorErrors(object, labelSelectorPath) : []),
];

/** What stands at a path, or why that is not to be had. Upstream: unstructured.NestedFieldNoCopy. */
function nested(object: KubeObject, path: readonly string[]): { value?: unknown; error?: string } {
  let value: unknown = object;
  for (const [i, name] of path.entries()) {
    if (value === undefined) return {};
    if (!isObject(value)) {
      const at = `.${path.slice(0, i + 1).join(".")}`;
      return {
        error: `${at} accessor error: ${goPrinted(value)} is of the type ${goType(value)}, expected map[string]interface{}`,
      };
    }
    value = value[name];
  }
  return { value };
}

const wrongSort = (path: string, value: unknown, wanted: string): string =>
  `${path} accessor error: ${goPrinted(value)} is of the type ${goType(value)}, expected ${wanted}`;

function replicasErrors(object: KubeObject, path: string): readonly FieldError[] {
  const at = new FieldPath(path);
  const { value, error } = nested(object, parts(path));
  if (error !== undefined) return [invalid(at, 0, error)];
  if (value === undefined) return [];
  if (typeof value !== "number" || !Number.isInteger(value))
    return [invalid(at, 0, wrongSort(path, value, "int64"))];
  if (value < 0) return [invalid(at, value, "should be a non-negative integer")];
  return value > largestInt
    ? [invalid(at, value, `should be less than or equal to ${largestInt}`)]
    : [];
}

function selectorErrors(object: KubeObject, path: string): readonly FieldError[] {
  const at = new FieldPath(path);
  const { value, error } = nested(object, parts(path));
  if (error !== undefined) return [invalid(at, "", error)];
  return value === undefined || typeof value === "string"
    ? []
    : [invalid(at, "", wrongSort(path, value, "string"))];
}
