/**
 * One version of a definition as a kind: its rules come from the schema.
 * Upstream: apiextensions-apiserver/pkg/registry/customresource/strategy.go, status_strategy.go, validator.go, etcd.go.
 */
import type { FieldError } from "#apimachinery/field.ts";
import { equal } from "#apimachinery/equal.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Kind, Warn } from "#apiserver/kinds/kind.ts";
import { customColumns } from "./columns.ts";
import type { Custom } from "./custom.ts";
import { jsonPath } from "./json-path.ts";
import { scaleErrors, scalePaths, scaleStatusErrors } from "./scale.ts";
import { validateListTypes } from "./schema/list-types.ts";
import { embeds, validateEmbedded } from "./schema/embedded.ts";
import { SchemaRules } from "./schema/rules.ts";
import { propertyOf } from "./schema/schema.ts";
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

export function customKind(gvk: string, storage: string, custom: Custom): Kind {
  const { schema, version } = custom;
  const { status, scale } = version.subresources ?? {};
  // Compiled when the first object is written, not when a cluster wakes.
  let compiled: SchemaRules | undefined;
  const rules = (): SchemaRules => (compiled ??= new SchemaRules(schema));
  const paths = scale === undefined ? undefined : scalePaths(scale);

  const hasEmbedded = embeds(schema);
  const listErrors = (
    next: KubeObject,
    previous: KubeObject | undefined,
  ): readonly FieldError[] => {
    const errors = validateListTypes(next, schema);
    return errors.length > 0 && previous !== undefined
      ? validateListTypes(previous, schema).length > 0
        ? []
        : errors
      : errors;
  };
  const withRules = (
    errors: readonly FieldError[],
    next: KubeObject,
    previous: KubeObject | undefined,
    warn: Warn | undefined,
  ): readonly FieldError[] => {
    if (rules().isEmpty) return errors;
    if (errors.some(({ reason }) => blocking.has(reason))) return [...errors, notAll];
    const passed = ({ field, message }: FieldError): void => warn?.(`${field}: ${message}`);
    const found = rules().validate(next, schema, previous, previous && passed);
    return found.length === 0 ? errors : [...errors, ...found];
  };
  const validate = (
    next: KubeObject,
    previous?: KubeObject,
    warn?: Warn,
  ): readonly FieldError[] => {
    const errors = [
      ...validateValue(withoutMeta(next), schema, previous && withoutMeta(previous)),
      ...(scale === undefined ? [] : scaleErrors(next, scale)),
      ...(hasEmbedded ? validateEmbedded(next, schema) : []),
      ...listErrors(next, previous),
    ];
    return withRules(errors, next, previous, warn);
  };
  const statusSchema = propertyOf(schema, "status");
  /** Only the status is held to its schema. Upstream: statusStrategy.ValidateUpdate. */
  const validateStatus = (
    next: WithStatus,
    previous: WithStatus,
    warn?: Warn,
  ): readonly FieldError[] => {
    const errors = [
      ...(next.status === undefined || statusSchema === undefined
        ? []
        : validateValue(next.status, statusSchema, previous.status, "status")),
      ...(scale === undefined ? [] : scaleStatusErrors(next, scale)),
      ...listErrors(next, previous),
    ];
    return withRules(errors, next, previous, warn);
  };
  return {
    gvk,
    storage,
    generation: true,
    unconditionalUpdate: false,
    statusKeeps: "metadata",
    columns: customColumns(version.additionalPrinterColumns),
    prepareForCreate: (object) => (status === undefined ? object : withoutStatus(object)),
    validateCreate: (object) => validate(object),
    validateUpdate: validate,
    validateStatusUpdate: validateStatus,
    warnings: finalizerWarnings,
    specChanged: (next, previous) => changedBesidesMeta(next, previous, status !== undefined),
    ...(paths === undefined ? {} : { scale: paths }),
    ...fieldsOf(version.selectableFields),
  };
}

type WithStatus = KubeObject & { readonly status?: unknown };

/** The schema says nothing of metadata but patterns of its name; those are rare, so it is shown with its name alone. */
function withoutMeta({ metadata: { name, generateName }, ...rest }: KubeObject): object {
  return {
    ...rest,
    metadata: { name, ...(generateName === undefined ? {} : { generateName }) },
  };
}

function withoutStatus(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object as WithStatus;
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

const standardFinalizers = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

/** Of those that are new. */
function finalizerWarnings(object: KubeObject, previous?: KubeObject): readonly string[] {
  const known = previous?.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((one) => !known.includes(one));
  return [...new Set(added)].toSorted().flatMap((finalizer) => {
    const quoted = `metadata.finalizers: ${JSON.stringify(finalizer)}`;
    const problems = qualifiedName(finalizer).map((problem) => `${quoted}: ${problem}`);
    if (finalizer.includes("/") || standardFinalizers.has(finalizer)) return problems;
    const advice = finalizer.includes(".")
      ? "prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers"
      : "prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers";
    return [...problems, `${quoted}: ${advice}`];
  });
}
