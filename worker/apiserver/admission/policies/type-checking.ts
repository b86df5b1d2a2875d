/**
 * What is doubtful in a policy's expressions, given the kinds that it will meet: a field that they do not have, an
 * operator that does not take what stands there. Nothing is refused for it.
 * Upstream: apiserver/pkg/admission/plugin/policy/validating/typechecking.go.
 */
import type {
  V1ExpressionWarning,
  V1NamedRuleWithOperations,
  V1ValidatingAdmissionPolicy,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { compile } from "#apiserver/cel/compile.ts";
import type { CelEnvironment } from "#apiserver/cel/environment.ts";
import { type NamedTypes, wireTypes } from "#apiserver/cel/wire-types.ts";
import { celTypes } from "#apiserver/custom-resources/schema/cel-types.ts";
import type { Registry, Resource } from "#apiserver/registry.ts";
import { composed, plain } from "./expressions.ts";
import { typedEnvironment } from "./variables.ts";

/** Of one rule. */
const mostKinds = 10;
const at = new FieldPath("spec").child("validations");

/** Names with a wildcard say nothing; one of them is enough for a group or a version. */
const certain = (names: readonly string[] = []): readonly string[] =>
  names.some((name) => name.includes("*")) ? [] : names.toSorted();

function kindsOf(rule: V1NamedRuleWithOperations, registry: Registry): readonly Resource[] {
  const resources = (rule.resources ?? []).filter((name) => !/[*/]/.test(name)).toSorted();
  const found = certain(rule.apiGroups).flatMap((group) =>
    certain(rule.apiVersions).flatMap((version) =>
      resources.flatMap((plural) => registry.ofPath(group, version, plural) ?? []),
    ),
  );
  return found.slice(0, mostKinds);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorted by group, version and kind, each once. */
function kindsToCheck(
  { spec }: V1ValidatingAdmissionPolicy,
  registry: Registry,
): readonly Resource[] {
  const all = (spec?.matchConstraints?.resourceRules ?? []).flatMap((rule) =>
    kindsOf(rule, registry),
  );
  return [...new Map(all.map((one) => [one.gvk, one])).values()].toSorted(
    (a, b) =>
      compare(a.group, b.group) || compare(a.version, b.version) || compare(a.kindName, b.kindName),
  );
}

/** `root`: tells two custom kinds in one environment apart. */
function typesOf({ custom, type }: Resource, root: string): NamedTypes | undefined {
  if (custom === undefined) return wireTypes(type);
  return { name: root, types: celTypes(custom.schema, root).types };
}

function paramsOf(
  { spec }: V1ValidatingAdmissionPolicy,
  registry: Registry,
): NamedTypes | undefined {
  const { apiVersion = "", kind = "" } = spec?.paramKind ?? {};
  const resource = registry.ofKind(`${apiVersion}/${kind}`);
  return resource && typesOf(resource, "Params");
}

/** As Go prints a GroupVersionKind. */
const printed = ({ group, version, kindName }: Resource): string =>
  `${group}/${version}, Kind=${kindName}`;

export function typeWarnings(
  policy: V1ValidatingAdmissionPolicy,
  registry: Registry,
): readonly V1ExpressionWarning[] {
  const params = paramsOf(policy, registry);
  const checked = kindsToCheck(policy, registry).flatMap((resource) => {
    const object = typesOf(resource, "Object");
    if (object === undefined) return [];
    const base = typedEnvironment(object, params);
    const { environment } = composed(policy.spec?.variables ?? [], base);
    return [{ resource, environment }];
  });
  const warningsAt = (fieldRef: string, expression: string): readonly V1ExpressionWarning[] => {
    const texts = checked.flatMap(({ resource, environment }) =>
      doubt(expression, environment).map((text) => `${printed(resource)}: ${text}\n`),
    );
    return texts.length === 0 ? [] : [{ fieldRef, warning: texts.join("\n") }];
  };
  return (policy.spec?.validations ?? []).flatMap(
    ({ expression = "", messageExpression = "" }, i) => [
      ...warningsAt(at.index(i).child("expression").toString(), expression),
      ...(messageExpression === ""
        ? []
        : warningsAt(at.index(i).child("messageExpression").toString(), messageExpression)),
    ],
  );
}

function doubt(expression: string, environment: CelEnvironment): readonly string[] {
  const compiled = compile(plain(expression), environment);
  return "error" in compiled ? [compiled.error] : [];
}
