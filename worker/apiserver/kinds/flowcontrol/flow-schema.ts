/** FlowSchema. Upstream: pkg/registry/flowcontrol/flowschema/strategy.go, pkg/apis/flowcontrol/validation. */
import type { V1FlowSchema } from "#apimachinery/api/flowcontrol-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { ageColumn, column, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import { at as change, fillZero } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";
import { conditions } from "./conditions.ts";
import { mandatorySchemas } from "./mandatory.ts";
import { policyRulesWithSubjects } from "./policy-rules.ts";

const methods = ["ByNamespace", "ByUser"];
const mostPrecedence = 10_000;
const defaultPrecedence = 1000;
const at = new FieldPath("spec");

function precedence(errors: Errors, name: string, value: number): void {
  const here = at.child("matchingPrecedence");
  if (value <= 0) errors.push(invalid(here, value, "must be a positive value"));
  if (value > mostPrecedence)
    errors.push(invalid(here, value, `must not be greater than ${mostPrecedence}`));
  if (value === 1 && name !== "exempt")
    errors.push(
      invalid(here, value, "only the schema named 'exempt' may have matchingPrecedence 1"),
    );
}

function validate({ metadata: { name = "" }, spec, status }: V1FlowSchema): Errors {
  const errors: Errors = [];
  precedence(errors, name, spec?.matchingPrecedence ?? 0);
  const method = spec?.distinguisherMethod;
  if (method !== undefined && !methods.includes(method.type))
    errors.push(
      unsupported(at.child("distinguisherMethod", "type"), { Type: method.type }, methods),
    );
  const level = spec?.priorityLevelConfiguration?.name;
  const here = at.child("priorityLevelConfiguration", "name");
  if (!level) errors.push(required(here, "must reference a priority level"));
  else named(errors, here, level, dns1123Subdomain);
  for (const [i, rule] of (spec?.rules ?? []).entries())
    policyRulesWithSubjects(errors, at.child("rules").index(i), rule);
  const fixed = mandatorySchemas[name];
  if (fixed !== undefined && !equal(spec, fixed))
    errors.push(invalid(at, spec ?? {}, `spec of '${name}' must equal the fixed value`));
  return [...errors, ...conditions(status?.conditions)];
}

const rank = ({ spec }: V1FlowSchema): number => spec?.matchingPrecedence ?? 0;

export const flowSchema: Kind<V1FlowSchema> = {
  gvk: "flowcontrol.apiserver.k8s.io/v1/FlowSchema",
  statusKeeps: "metadata",
  defaults: (object) =>
    change(object, "spec", (spec) => fillZero(spec, { matchingPrecedence: defaultPrecedence })),
  validate,
  validateStatusUpdate: ({ status }) => conditions(status?.conditions),
  rowOrder: (a, b) =>
    rank(a) - rank(b) || ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1),
  columns: [
    nameColumn,
    column(
      "PriorityLevel",
      "string",
      doc("flowcontrol.v1.PriorityLevelConfigurationReference.name"),
      ({ spec }: V1FlowSchema) => spec?.priorityLevelConfiguration.name ?? "<none>",
    ),
    column(
      "MatchingPrecedence",
      "string",
      doc("flowcontrol.v1.FlowSchemaSpec.matchingPrecedence"),
      rank,
    ),
    column(
      "DistinguisherMethod",
      "string",
      doc("flowcontrol.v1.FlowSchemaSpec.distinguisherMethod"),
      ({ spec }: V1FlowSchema) => spec?.distinguisherMethod?.type ?? "<none>",
    ),
    ageColumn,
    column(
      "MissingPL",
      "string",
      "references a broken or non-existent PriorityLevelConfiguration",
      ({ status }: V1FlowSchema) =>
        status?.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?",
    ),
  ],
};
