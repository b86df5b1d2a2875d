/**
 * One version of a definition as a kind: its rules come from the schema.
 * Upstream: apiextensions-apiserver/pkg/registry/customresource/strategy.go, status_strategy.go, validator.go, etcd.go.
 */
import { type FieldError, FieldPath, invalid } from "#apimachinery/field.ts";
import { equal } from "#apimachinery/equal.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Kind, ScalePaths } from "#apiserver/kinds/kind.ts";
import { customColumns } from "./columns.ts";
import type { Custom } from "./custom.ts";
import { jsonPath } from "./json-path.ts";
import { validateListTypes } from "./schema/list-types.ts";
import { SchemaRules } from "./schema/rules.ts";
import { validateValue } from "./schema/value-validation.ts";

const blocking = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);
const notAll: FieldError = {
  reason: "FieldValueInvalid",
  field: "<nil>",
  message:
    "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
};
const largestInt = 2_147_483_647;

export function customKind(gvk: string, storage: string, custom: Custom): Kind {
  const { schema, version } = custom;
  const { status, scale } = version.subresources ?? {};
  // Compiled when the first object is written, not when a cluster wakes.
  let compiled: SchemaRules | undefined;
  const rules = (): SchemaRules => (compiled ??= new SchemaRules(schema));
  const paths = scale === undefined ? undefined : scalePaths(scale);

  const validate = (next: KubeObject, previous: KubeObject | undefined): readonly FieldError[] => {
    const errors = [
      ...validateValue(withoutMeta(next), schema, previous && withoutMeta(previous)),
      ...(paths === undefined ? [] : scaleErrors(next, paths, scale)),
      ...(previous !== undefined && validateListTypes(previous, schema).length > 0
        ? []
        : validateListTypes(next, schema)),
    ];
    if (rules().isEmpty) return errors;
    return errors.some(({ reason }) => blocking.has(reason))
      ? [...errors, notAll]
      : [...errors, ...rules().validate(next, schema, previous)];
  };
  return {
    gvk,
    storage,
    generation: true,
    unconditionalUpdate: false,
    columns: customColumns(version.additionalPrinterColumns),
    prepareForCreate: (object) => (status === undefined ? object : withoutStatus(object)),
    validateCreate: (object) => validate(object, undefined),
    validateUpdate: validate,
    validateStatusUpdate: validate,
    warnings: finalizerWarnings,
    specChanged: (next, previous) => changedBesidesMeta(next, previous, status !== undefined),
    ...(paths === undefined ? {} : { scale: paths }),
    ...fieldsOf(version.selectableFields),
  };
}

/** The schema says nothing of metadata but patterns of its name; those are rare, so it is shown with its name alone. */
function withoutMeta({ metadata: { name, generateName }, ...rest }: KubeObject): object {
  return {
    ...rest,
    metadata: { name, ...(generateName === undefined ? {} : { generateName }) },
  };
}

function withoutStatus(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object as KubeObject & { status?: unknown };
  return rest;
}

function changedBesidesMeta(next: KubeObject, previous: KubeObject, hasStatus: boolean): boolean {
  const relevant = ({ metadata: _metadata, ...rest }: KubeObject): object =>
    hasStatus ? { ...rest, status: undefined } : rest;
  return !equal(relevant(next), relevant(previous));
}

function fieldsOf(
  selectable: readonly { readonly jsonPath: string }[] | undefined,
): Pick<Kind, "fields"> | object {
  if (selectable === undefined || selectable.length === 0) return {};
  const entries = selectable.map(({ jsonPath: path }) => {
    const find = jsonPath(path);
    return [
      path.replace(/^\./, ""),
      (object: KubeObject) => {
        const [value] = find(object);
        return value === undefined || value === null ? "" : String(value);
      },
    ] as const;
  });
  return { fields: Object.fromEntries(entries) };
}

const parts = (path: string): readonly string[] => path.replace(/^\./, "").split(".");

function scalePaths({
  specReplicasPath,
  statusReplicasPath,
  labelSelectorPath,
}: {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string | undefined;
}): ScalePaths {
  return {
    spec: parts(specReplicasPath),
    status: parts(statusReplicasPath),
    selector: (object) => {
      const [value] = labelSelectorPath ? jsonPath(labelSelectorPath)(object) : [];
      return typeof value === "string" ? value : "";
    },
  };
}

function scaleErrors(
  object: KubeObject,
  { spec, status }: ScalePaths,
  named: { readonly specReplicasPath: string; readonly statusReplicasPath: string } | undefined,
): readonly FieldError[] {
  const one = (path: readonly string[], name: string): readonly FieldError[] => {
    const [value] = jsonPath(`.${path.join(".")}`)(object);
    if (value === undefined || typeof value !== "number") return [];
    const at = new FieldPath(name);
    if (value < 0) return [invalid(at, value, "should be a non-negative integer")];
    return value > largestInt
      ? [invalid(at, value, `should be less than or equal to ${largestInt}`)]
      : [];
  };
  return [
    ...one(spec, named?.specReplicasPath ?? ""),
    ...one(status, named?.statusReplicasPath ?? ""),
  ];
}

const standardFinalizers = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

function finalizerWarnings({ metadata: { finalizers = [] } }: KubeObject): readonly string[] {
  return finalizers.flatMap((finalizer) => {
    const quoted = `metadata.finalizers: ${JSON.stringify(finalizer)}`;
    const problems = qualifiedName(finalizer).map((problem) => `${quoted}: ${problem}`);
    if (finalizer.includes("/") || standardFinalizers.has(finalizer)) return problems;
    const advice = finalizer.includes(".")
      ? "prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers"
      : "prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers";
    return [...problems, `${quoted}: ${advice}`];
  });
}
