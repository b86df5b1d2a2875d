/**
 * Is a definition right? As upstream, what all versions share is told at the place of the internal form:
 * `spec.validation` for the schema of the only version, `spec.versions[1].schema` where versions differ.
 * Upstream: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go.
 */
import type {
  V1CustomResourceDefinition as Definition,
  V1CustomResourceDefinitionSpec as Spec,
  V1CustomResourceDefinitionVersion as Version,
} from "#apimachinery/api/apiextensions-v1.ts";
import { apiApproval, approvalAnnotation, isProtectedGroup } from "#apimachinery/api-approval.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import type { Schema } from "#apiserver/custom-resources/schema/schema.ts";
import { defaultErrors } from "./defaults.ts";
import { conversionErrors, groupErrors, nameErrors, scopeErrors, versionErrors } from "./names.ts";
import { openApiErrors } from "./open-api.ts";
import { structuralErrors } from "./structural.ts";
import { columnErrors, selectableErrors, subresourceErrors } from "./version-parts.ts";

type Errors = readonly FieldError[];
const spec = new FieldPath("spec");
const metadata = new FieldPath("metadata");

export function validateDefinition(definition: Definition): Errors {
  return [
    ...nameOfItself(definition),
    ...specErrors(definition.spec, []),
    ...storedErrors(definition),
    ...approvalErrors(definition, undefined),
    ...preserveErrors(definition, undefined),
  ];
}

export function validateDefinitionUpdate(next: Definition, previous: Definition): Errors {
  const established = previous.status?.conditions?.some(
    ({ type, status }) => type === "Established" && status === "True",
  );
  const immutable = (value: unknown, old: unknown, at: FieldPath): Errors =>
    equal(value, old) ? [] : [invalid(at, value, "field is immutable")];
  return [
    ...(next.spec === previous.spec ? [] : specErrors(next.spec, previous.spec.versions)),
    ...(established === true
      ? [
          ...immutable(next.spec.scope, previous.spec.scope, spec.child("scope")),
          ...immutable(next.spec.names.kind, previous.spec.names.kind, spec.child("names", "kind")),
        ]
      : []),
    ...immutable(next.spec.group, previous.spec.group, spec.child("group")),
    ...immutable(next.spec.names.plural, previous.spec.names.plural, spec.child("names", "plural")),
    ...storedErrors(next),
    ...approvalErrors(next, previous),
    ...preserveErrors(next, previous),
  ];
}

function nameOfItself({ metadata: { name = "" }, spec: { names, group } }: Definition): Errors {
  return name === `${names.plural}.${group}`
    ? []
    : [invalid(metadata.child("name"), name, 'must be spec.names.plural+"."+spec.group')];
}

/** Where a part of all versions is told: at the top when they share it. */
function placed<K extends keyof Version>(
  { versions }: Spec,
  part: K,
  top: string,
): readonly (readonly [Version, FieldPath])[] {
  const [first] = versions;
  const isShared =
    first !== undefined &&
    first[part] !== undefined &&
    versions.every((version) => equal(version[part], first[part]));
  return isShared
    ? [[first, spec.child(top)]]
    : versions.map((version, i) => [version, spec.child("versions").index(i).child(part)]);
}

function specErrors(of: Spec, before: readonly Version[]): Errors {
  return [
    ...groupErrors(of, spec),
    ...scopeErrors(of, spec),
    ...of.versions.flatMap(({ schema }, i) =>
      schema?.openAPIV3Schema === undefined
        ? [required(spec.child("versions").index(i).child("schema", "openAPIV3Schema"))]
        : [],
    ),
    ...of.versions.flatMap(deprecationErrors),
    ...versionErrors(of, spec),
    ...nameErrors(of.names, spec.child("names")),
    ...placed(of, "schema", "validation").flatMap(([version, at]) =>
      schemaErrors(version, at.child("openAPIV3Schema"), isKept(version, before)),
    ),
    ...placed(of, "subresources", "subresources").flatMap(([{ subresources }, at]) =>
      subresourceErrors(subresources, at),
    ),
    ...placed(of, "additionalPrinterColumns", "additionalPrinterColumns").flatMap(
      ([{ additionalPrinterColumns = [] }, at]) =>
        additionalPrinterColumns.flatMap((column, i) => columnErrors(column, at.index(i))),
    ),
    ...placed(of, "selectableFields", "selectableFields").flatMap(
      ([{ selectableFields = [], schema }, at]) =>
        selectableErrors(selectableFields, schema?.openAPIV3Schema, at),
    ),
    ...conversionErrors(of.conversion, spec.child("conversion")),
  ];
}

const atRoot = new Set([
  "description",
  "type",
  "format",
  "title",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "multipleOf",
  "required",
  "items",
  "properties",
  "externalDocs",
  "example",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
]);
const atRootText =
  "only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled";

const isKept = ({ name, schema }: Version, before: readonly Version[]): boolean =>
  before.some((one) => one.name === name && equal(one.schema, schema));

function schemaErrors(
  { schema: whole, subresources }: Version,
  at: FieldPath,
  isStored: boolean,
): Errors {
  const schema: Schema | undefined = whole?.openAPIV3Schema;
  if (schema === undefined) return [];
  const errors: FieldError[] = [];
  if (subresources?.status !== undefined) {
    if (schema.type && schema.type !== "object")
      errors.push(
        invalid(
          at.child("type"),
          schema.type,
          'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
        ),
      );
    else if (Object.keys(schema).some((name) => !atRoot.has(name)))
      errors.push(invalid(at, schema, atRootText));
  }
  if (schema.nullable === true)
    errors.push(forbidden(at.child("nullable"), "nullable cannot be true at the root"));
  const structural = structuralErrors(schema, at);
  const found = structural.length > 0 ? structural : defaultErrors(schema, at);
  return [
    ...errors,
    ...found,
    ...openApiErrors(schema, at, { hasRules: found.length === 0, isStored }),
  ];
}

function deprecationErrors({ deprecated, deprecationWarning }: Version, i: number): Errors {
  const at = spec.child("versions").index(i).child("deprecationWarning");
  const refuse = (why: string): Errors => [invalid(at, deprecationWarning, why)];
  if (deprecationWarning === undefined) return [];
  if (deprecated !== true) return refuse("can only be set for deprecated versions");
  if (deprecationWarning.length > 256) return refuse("must be <= 256 characters long");
  return deprecationWarning === "" ? refuse("must not be an empty string") : [];
}

function storedErrors({ spec: { versions }, status }: Definition): Errors {
  const at = new FieldPath("status.storedVersions");
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0)
    return versions.some(({ storage }) => storage)
      ? [invalid(at, stored, "must have at least one stored version")]
      : [];
  const missing = versions.find(({ name, storage }) => storage && !stored.includes(name));
  return [
    ...(missing === undefined
      ? []
      : [invalid(at, stored, `must have the storage version ${missing.name}`)]),
    ...stored.flatMap((version, i) =>
      versions.some(({ name }) => name === version)
        ? []
        : [
            invalid(
              at.index(i),
              version,
              `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`,
            ),
          ],
    ),
  ];
}

function approvalErrors(next: Definition, previous: Definition | undefined): Errors {
  if (!isProtectedGroup(next.spec.group)) return [];
  const { state, message } = apiApproval(next.metadata.annotations);
  const same = previous !== undefined && apiApproval(previous.metadata.annotations).state === state;
  if (same || state === "approved" || state === "bypassed") return [];
  const at = metadata.child("annotations").key(approvalAnnotation);
  return state === "missing"
    ? [required(at, message)]
    : [invalid(at, next.metadata.annotations?.[approvalAnnotation], message)];
}

function preserveErrors(next: Definition, previous: Definition | undefined): Errors {
  if (previous?.spec.preserveUnknownFields === true) return [];
  return next.spec.preserveUnknownFields === true
    ? [
        invalid(
          spec.child("preserveUnknownFields"),
          true,
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
        ),
      ]
    : [];
}
