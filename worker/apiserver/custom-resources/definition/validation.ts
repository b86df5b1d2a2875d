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
import { isPrintable } from "#apiserver/ownership/manager.ts";
import {
  acceptedNameErrors,
  conversionErrors,
  groupErrors,
  nameErrors,
  scopeErrors,
  versionErrors,
  versionNameErrors,
} from "./names.ts";
import { openApiErrors } from "./open-api.ts";
import { structuralErrors } from "./structural.ts";
import {
  columnErrors,
  mostSelectable,
  selectableErrors,
  subresourceErrors,
} from "./version-parts.ts";

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

/** Of a writer of the status. Upstream: ValidateUpdateCustomResourceDefinitionStatus. */
export const validateDefinitionStatus = ({ status }: Definition): Errors =>
  status?.acceptedNames === undefined
    ? []
    : acceptedNameErrors(status.acceptedNames, new FieldPath("status").child("acceptedNames"));

function nameOfItself({
  metadata: { name = "", generateName },
  spec: { names, group },
}: Definition): Errors {
  const wanted = `${names.plural}.${group}`;
  const wrong = (field: string, is: string): Errors =>
    is === wanted
      ? []
      : [invalid(metadata.child(field), is, 'must be spec.names.plural+"."+spec.group')];
  return [
    ...(generateName ? wrong("generateName", generateName) : []),
    ...(name === "" ? [] : wrong("name", name)),
  ];
}

type Part = "schema" | "subresources" | "additionalPrinterColumns" | "selectableFields";
const parts: readonly Part[] = [
  "schema",
  "subresources",
  "additionalPrinterColumns",
  "selectableFields",
];

/** Parts that all versions have alike: they are told of once, at the top. Upstream: v1/conversion.go. */
function sharedParts({ versions }: Spec): ReadonlySet<Part> {
  const [first] = versions;
  const isShared = (part: Part): boolean =>
    first?.[part] !== undefined && versions.every((version) => equal(version[part], first[part]));
  return new Set(parts.filter(isShared));
}

const hasStatus = ({ subresources }: Version): boolean => subresources?.status !== undefined;

/** In upstream's order: the whole, each version, what the versions share. */
function specErrors(of: Spec, before: readonly Version[]): Errors {
  const shared = sharedParts(of);
  const [first] = of.versions;
  return [
    ...groupErrors(of, spec),
    ...scopeErrors(of, spec),
    ...of.versions.flatMap(({ schema }, i) =>
      schema?.openAPIV3Schema === undefined
        ? [required(spec.child("versions").index(i).child("schema", "openAPIV3Schema"))]
        : [],
    ),
    ...of.versions.flatMap((version, i) => [
      ...versionNameErrors(version, spec.child("versions").index(i).child("name")),
      ...deprecationErrors(version, spec.child("versions").index(i).child("deprecationWarning")),
      ...partErrors(version, spec.child("versions").index(i), {
        parts: parts.filter((part) => !shared.has(part)),
        schemaAt: "schema",
        hasSchema: !shared.has("schema"),
        statusEnabled: hasStatus(version),
        isStored: isKept(version, before),
        keepsTooMany: keepsTooMany(version, before),
      }),
    ]),
    ...versionErrors(of, spec, shared),
    ...nameErrors(of.names, spec.child("names")),
    ...(first === undefined
      ? []
      : partErrors(first, spec, {
          parts: [...shared],
          schemaAt: "validation",
          hasSchema: shared.has("schema"),
          statusEnabled: of.versions.some(hasStatus),
          isStored: isKept(first, before),
          keepsTooMany: keepsTooMany(first, before),
        })),
    ...conversionErrors(of.conversion, spec.child("conversion")),
  ];
}

interface Told {
  readonly parts: readonly Part[];
  readonly schemaAt: "schema" | "validation";
  /** Is the schema told of at the same place? Elsewhere selectable fields do not find it. */
  readonly hasSchema: boolean;
  readonly statusEnabled: boolean;
  readonly isStored: boolean;
  readonly keepsTooMany: boolean;
}

/** What is wrong with some parts of a version, at its place or at the top. */
function partErrors(version: Version, at: FieldPath, told: Told): Errors {
  const has = (part: Part): boolean => told.parts.includes(part);
  const { subresources, additionalPrinterColumns = [], selectableFields = [], schema } = version;
  return [
    ...(has("schema")
      ? schemaErrors(schema?.openAPIV3Schema, at.child(told.schemaAt, "openAPIV3Schema"), told)
      : []),
    ...(has("subresources") ? subresourceErrors(subresources, at.child("subresources")) : []),
    ...(has("additionalPrinterColumns")
      ? additionalPrinterColumns.flatMap((column, i) =>
          columnErrors(column, at.child("additionalPrinterColumns").index(i)),
        )
      : []),
    ...(has("selectableFields")
      ? selectableErrors(selectableFields, at.child("selectableFields"), {
          schema: told.hasSchema ? schema?.openAPIV3Schema : undefined,
          isTop: told.schemaAt === "validation",
          keepsTooMany: told.keepsTooMany,
        })
      : []),
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
/** More selectable fields than there may be, but no others than before. */
const keepsTooMany = ({ name, selectableFields }: Version, before: readonly Version[]): boolean =>
  before.some(
    (one) =>
      one.name === name &&
      (one.selectableFields ?? []).length > mostSelectable &&
      equal(one.selectableFields, selectableFields),
  );

function schemaErrors(
  schema: Schema | undefined,
  at: FieldPath,
  { statusEnabled, isStored }: Pick<Told, "statusEnabled" | "isStored">,
): Errors {
  if (schema === undefined) return [];
  const errors: FieldError[] = [];
  if (statusEnabled) {
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

function deprecationErrors(
  { deprecated, deprecationWarning: text }: Version,
  at: FieldPath,
): Errors {
  if (text === undefined) return [];
  if (deprecated !== true) return [invalid(at, text, "can only be set for deprecated versions")];
  const problems: string[] = [];
  if (new TextEncoder().encode(text).length > 256) problems.push("must be <= 256 characters long");
  if (text === "") problems.push("must not be an empty string");
  const odd = Array.from(text).find((character) => !isPrintable(character));
  if (odd !== undefined) {
    const place = new TextEncoder().encode(text.slice(0, text.indexOf(odd))).length;
    problems.push(
      `must only contain printable UTF-8 characters; non-printable character found at index ${place}`,
    );
  }
  return problems.map((problem) => invalid(at, text, problem));
}

function storedErrors({ spec: { versions }, status }: Definition): Errors {
  const at = new FieldPath("status.storedVersions");
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) return [invalid(at, undefined, "must have at least one stored version")];
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
