/**
 * What a schema may say in a definition: which keywords, which list and map types, which rules.
 * Upstream: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go ValidateCustomResourceDefinitionOpenAPISchema.
 */
import type { V1ValidationRule } from "#apimachinery/api/apiextensions-v1.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { type CompiledRule, SchemaRules } from "#apiserver/custom-resources/schema/rules.ts";
import {
  entriesOf,
  isEmbedded,
  isObject,
  itemsOf,
  metaFields,
  propertyOf,
  valuesOf,
  type Schema,
} from "#apiserver/custom-resources/schema/schema.ts";
import { mostTimes, sizeOf } from "#apiserver/custom-resources/schema/sizes.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { fieldPathProblem } from "./field-path.ts";
import { mostParts, repeated, RuleCosts } from "./rule-costs.ts";

interface Place {
  /** Undefined where no rule may stand: below a combination. */
  readonly rules: SchemaRules | undefined;
  readonly insideMeta: boolean;
  /** Why no default may stand here. */
  readonly noDefault: string | undefined;
  /** The first path above whose parts have no predecessor. */
  readonly uncorrelated: FieldPath | undefined;
  readonly isResource: boolean;
  /** How often it may be there; undefined: as often as a request can hold. */
  readonly mostTimes: number | undefined;
  readonly costs: RuleCosts;
}
type Errors = FieldError[];

export function openApiErrors(
  schema: Schema,
  at: FieldPath,
  { hasRules, isStored }: { readonly hasRules: boolean; readonly isStored: boolean },
): readonly FieldError[] {
  const costs = new RuleCosts(isStored);
  const place: Place = {
    isResource: true,
    mostTimes: 1,
    costs,
    rules: hasRules ? new SchemaRules(schema) : undefined,
    insideMeta: false,
    noDefault: undefined,
    uncorrelated: undefined,
  };
  const { errors, rules } = check(schema, at, place, true);
  return [...errors, ...rules, ...costs.errors(at)];
}

interface Checked {
  readonly errors: Errors;
  readonly rules: Errors;
}

function check(schema: Schema, at: FieldPath, place: Place, isRoot: boolean): Checked {
  const errors: Errors = [...keywords(schema, at, place), ...listErrors(schema, at)];
  const rules: Errors = [];
  const parts = mostParts(schema);
  const mostTimes =
    parts === undefined || place.mostTimes === undefined
      ? undefined
      : repeated(place.mostTimes, parts);
  const below = (child: Schema, path: FieldPath, where: Place): void => {
    const inside = { ...where, mostTimes, isResource: isEmbedded(child) };
    const found = check(child, path, inside, false);
    errors.push(...found.errors);
    rules.push(...found.rules);
  };
  const values = valuesOf(schema);
  if (
    schema.additionalProperties !== undefined &&
    entriesOf(schema.properties).length > 0 &&
    schema.additionalProperties !== true
  )
    errors.push(
      forbidden(
        at.child("additionalProperties"),
        "additionalProperties and properties are mutual exclusive",
      ),
    );
  if (values !== undefined)
    below(values, at.child("additionalProperties"), {
      ...place,
      noDefault: place.insideMeta
        ? "inside additionalProperties applying to object metadata"
        : place.noDefault,
    });
  for (const [name, property] of entriesOf(schema.properties)) {
    const isMeta = (isRoot || isEmbedded(schema)) && metaFields.has(name);
    below(property, at.child("properties").key(name), {
      ...place,
      insideMeta: place.insideMeta || isMeta,
      noDefault: isMeta && isRoot ? `in top-level ${name}` : place.noDefault,
    });
  }
  const items = itemsOf(schema);
  if (items !== undefined)
    below(items, at.child("items"), {
      ...place,
      uncorrelated:
        place.uncorrelated ?? (schema["x-kubernetes-list-type"] === "map" ? undefined : at),
    });
  const bare = { ...place, rules: undefined };
  if (schema.not !== undefined) below(schema.not, at.child("not"), bare);
  for (const name of ["allOf", "oneOf", "anyOf"] as const)
    for (const [i, one] of (schema[name] ?? []).entries())
      below(one, at.child(name).index(i), bare);
  errors.push(...ruleFieldErrors(schema, at));
  // Rules are judged only where the schema is right, there and below.
  if (errors.length === 0) rules.push(...ruleErrors(schema, at, place));
  return { errors, rules };
}

const types = ["array", "boolean", "integer", "number", "object", "string"];
const notSupported: readonly (readonly [keyof Schema, string])[] = [
  ["id", "id is not supported"],
  ["additionalItems", "additionalItems is not supported"],
  ["patternProperties", "patternProperties is not supported"],
  ["definitions", "definitions is not supported"],
  ["dependencies", "dependencies is not supported"],
];

function keywords(schema: Schema, at: FieldPath, place: Place): Errors {
  const errors: Errors = [];
  const { type } = schema;
  if (type && !types.includes(type)) errors.push(unsupported(at.child("type"), type, types));
  if (schema.default !== undefined && place.noDefault !== undefined)
    errors.push(forbidden(at.child("default"), `must not be set ${place.noDefault}`));
  for (const [name, why] of notSupported)
    if (schema[name] !== undefined) errors.push(forbidden(at.child(name), why));
  if ((schema as Record<string, unknown>)["$ref"] !== undefined)
    errors.push(forbidden(at.child("$ref"), "$ref is not supported"));
  if (type === "null")
    errors.push(
      forbidden(at.child("type"), "type cannot be set to null, use nullable as an alternative"),
    );
  if (Array.isArray(schema.items))
    errors.push(forbidden(at.child("items"), "items must be a schema object and not an array"));
  if (place.insideMeta && isEmbedded(schema))
    errors.push(
      forbidden(
        at.child("x-kubernetes-embedded-resource"),
        "must not be used inside of resource meta",
      ),
    );
  if (schema.uniqueItems === true)
    errors.push(
      forbidden(
        at.child("uniqueItems"),
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    errors.push(
      invalid(at.child("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"),
    );
  return errors;
}

function typeRequired(schema: Schema, at: FieldPath, type: string, because: string): Errors {
  if (schema.type === type) return [];
  const why = `must be ${type} if ${because}`;
  return schema.type
    ? [invalid(at.child("type"), schema.type, why)]
    : [required(at.child("type"), why)];
}

function listErrors(schema: Schema, at: FieldPath): Errors {
  const errors: Errors = [];
  const mapType = schema["x-kubernetes-map-type"];
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (mapType !== undefined) {
    errors.push(...typeRequired(schema, at, "object", "x-kubernetes-map-type is specified"));
    if (mapType !== "atomic" && mapType !== "granular")
      errors.push(unsupported(at.child("x-kubernetes-map-type"), mapType, ["atomic", "granular"]));
  }
  if (listType !== undefined) {
    errors.push(...typeRequired(schema, at, "array", "x-kubernetes-list-type is specified"));
    if (!["atomic", "set", "map"].includes(listType))
      errors.push(
        unsupported(at.child("x-kubernetes-list-type"), listType, ["atomic", "set", "map"]),
      );
  }
  const keyed = "must be map if x-kubernetes-list-map-keys is non-empty";
  if (keys.length > 0 && listType !== "map")
    errors.push(
      listType === undefined
        ? required(at.child("x-kubernetes-list-type"), keyed)
        : invalid(at.child("x-kubernetes-list-type"), listType, keyed),
    );
  if (listType === "set") errors.push(...setErrors(schema, at));
  if (listType === "map") errors.push(...mapErrors(schema, keys, at));
  return errors;
}

function setErrors(schema: Schema, at: FieldPath): Errors {
  const items = itemsOf(schema);
  if (items === undefined) return [];
  const why = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items["x-kubernetes-list-type"];
  const mapType = items["x-kubernetes-map-type"];
  const errors: Errors = [];
  if (items.type === "array" && listType !== undefined && listType !== "atomic")
    errors.push(invalid(at.child("items", "x-kubernetes-list-type"), listType, why));
  if (items.type === "object" && mapType !== "atomic")
    errors.push(invalid(at.child("items", "x-kubernetes-map-type"), undefined, why));
  if (items.nullable === true) errors.push(notNullable(at, "set"));
  return errors;
}

const notNullable = (at: FieldPath, type: string): FieldError =>
  forbidden(
    at.child("items", "nullable"),
    `cannot be nullable when x-kubernetes-list-type is ${type}`,
  );

function mapErrors(schema: Schema, keys: readonly string[], at: FieldPath): Errors {
  const errors: Errors = [];
  const named = at.child("x-kubernetes-list-map-keys");
  const items = itemsOf(schema);
  if (keys.length === 0)
    errors.push(required(named, "must not be empty if x-kubernetes-list-type is map"));
  if (!isObject(schema.items))
    errors.push(required(at.child("items"), "must have a schema if x-kubernetes-list-type is map"));
  if (items === undefined) return errors;
  const must = "if parent array's x-kubernetes-list-type is map";
  if (items.type !== "object")
    return [
      ...errors,
      invalid(at.child("items", "type"), items.type ?? "", `must be object ${must}`),
    ];
  for (const [i, key] of keys.entries()) {
    const property = propertyOf(items, key);
    const here = at.child("items", "properties").key(key);
    if (keys.indexOf(key) !== i)
      errors.push(invalid(named, keys, "must not contain duplicate entries"));
    if (property === undefined) {
      errors.push(invalid(named, keys, "entries must all be names of item properties"));
      continue;
    }
    if (property.type === "array" || property.type === "object")
      errors.push(invalid(here.child("type"), items.type, `must be a scalar type ${must}`));
    const certain = items.required?.includes(key) === true || property.default !== undefined;
    if (!certain)
      errors.push(
        required(
          here.child("default"),
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
        ),
      );
    if (property.nullable === true)
      errors.push(
        forbidden(
          here.child("nullable"),
          "this property is in x-kubernetes-list-map-keys, so it cannot be nullable",
        ),
      );
  }
  if (items.nullable === true) errors.push(notNullable(at, "map"));
  return errors;
}

const reasons = [
  "FieldValueDuplicate",
  "FieldValueForbidden",
  "FieldValueInvalid",
  "FieldValueRequired",
];
const hasLines = (text: string): boolean => /[\n\r]/.test(text);

/** The rules' fields other than their expressions. */
function ruleFieldErrors(schema: Schema, at: FieldPath): Errors {
  return (schema["x-kubernetes-validations"] ?? []).flatMap((rule, i) => {
    const here = at.child("x-kubernetes-validations").index(i);
    return [...messageErrors(rule, here), ...placeErrors(rule, schema, here)];
  });
}

function messageErrors(rule: V1ValidationRule, here: FieldPath): Errors {
  const errors: Errors = [];
  const { message = "", messageExpression = "", rule: text = "" } = rule;
  if (text.trim() === "") errors.push(required(here.child("rule"), "rule is not specified"));
  else if (message.length > 0 && message.trim() === "")
    errors.push(invalid(here.child("message"), message, "must be non-empty if specified"));
  else if (hasLines(message.trim()))
    errors.push(invalid(here.child("message"), message, "must not contain line breaks"));
  else if (hasLines(text.trim()) && message.trim() === "")
    errors.push(
      required(here.child("message"), "message must be specified if rule contains line breaks"),
    );
  if (messageExpression.length > 0 && messageExpression.trim() === "")
    errors.push(
      required(here.child("messageExpression"), "messageExpression must be non-empty if specified"),
    );
  return errors;
}

function placeErrors(rule: V1ValidationRule, schema: Schema, here: FieldPath): Errors {
  const errors: Errors = [];
  const { reason, fieldPath = "" } = rule;
  const path = here.child("fieldPath");
  if (reason !== undefined && !reasons.includes(reason))
    errors.push(unsupported(here.child("reason"), reason, reasons));
  if (fieldPath.length > 0 && fieldPath.trim() === "")
    errors.push(invalid(path, fieldPath, "must be non-empty if specified"));
  if (hasLines(fieldPath)) errors.push(invalid(path, fieldPath, "must not contain line breaks"));
  if (fieldPath.length > 0 && fieldPathProblem(fieldPath, schema, true) !== undefined)
    errors.push(invalid(path, fieldPath, "must be a valid path"));
  return errors;
}

/** Of one rule, counted with all others. */
function costErrors(
  { program, message }: CompiledRule,
  schema: Schema,
  here: FieldPath,
  { costs, mostTimes: times, isResource }: Place,
): { readonly rule: readonly FieldError[]; readonly message: readonly FieldError[] } {
  const size = sizeOf(schema, isResource);
  if (size === undefined) return { rule: [], message: [] };
  const once = program?.estimate(size) ?? 0;
  const cost = repeated(once, times ?? mostTimes(size));
  return {
    rule: costs.count(here.child("rule"), "rule", cost),
    message:
      message === undefined
        ? []
        : costs.count(here.child("messageExpression"), "messageExpression", message.estimate(size)),
  };
}

const internalRule = (rule: V1ValidationRule): object =>
  asInternal(
    rule,
    ["rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf"],
    { message: "", messageExpression: "", fieldPath: "" },
  );

function ruleErrors(schema: Schema, at: FieldPath, place: Place): Errors {
  const { rules, uncorrelated } = place;
  if (rules === undefined) return [];
  return rules.of(schema).flatMap((compiled, i) => {
    const { rule, error, messageError, usesOldSelf } = compiled;
    const here = at.child("x-kubernetes-validations").index(i);
    const dear = costErrors(compiled, schema, here, place);
    const errors: Errors = [...dear.rule];
    if (error !== undefined) errors.push(invalid(here.child("rule"), internalRule(rule), error));
    if (messageError !== undefined)
      errors.push(invalid(here.child("messageExpression"), internalRule(rule), messageError));
    errors.push(...dear.message);
    if (usesOldSelf && uncorrelated !== undefined)
      errors.push(
        invalid(
          here.child("rule"),
          rule.rule,
          `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated.toString()}`,
        ),
      );
    if (!usesOldSelf && error === undefined && rule.optionalOldSelf !== undefined)
      errors.push(
        invalid(
          here.child("optionalOldSelf"),
          rule.optionalOldSelf,
          "may not be set if oldSelf is not used in rule",
        ),
      );
    return errors;
  });
}
