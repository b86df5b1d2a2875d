/** IngressClass. Upstream: pkg/registry/networking/ingressclass/strategy.go, pkg/apis/networking/validation ValidateIngressClass. */
import type {
  V1IngressClass,
  V1IngressClassParametersReference,
} from "#apimachinery/api/networking-v1.ts";
import { FieldPath, forbidden, required, tooLong, unsupported } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { ageColumn, column, markedDefault } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { domainPath } from "#apiserver/kinds/rules/domain-path.ts";
import { type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { typedReference } from "./typed-reference.ts";

const longestController = 250;
const scopes = ["Cluster", "Namespace"];

function parameters(errors: Errors, at: FieldPath, given: V1IngressClassParametersReference): void {
  typedReference(errors, at, given);
  const { scope, namespace } = given;
  if (scope === undefined) errors.push(required(at.child("scope")));
  else if (!scopes.includes(scope)) errors.push(unsupported(at.child("scope"), scope, scopes));
  else if (scope === "Namespace") {
    if (namespace === undefined)
      errors.push(required(at.child("namespace"), "`parameters.scope` is set to 'Namespace'"));
    else named(errors, at.child("namespace"), namespace, dns1123Label);
  } else if (namespace !== undefined)
    errors.push(forbidden(at.child("namespace"), "`parameters.scope` is set to 'Cluster'"));
}

const at = new FieldPath("spec");

export const ingressClass: Kind<V1IngressClass> = {
  gvk: "networking.k8s.io/v1/IngressClass",
  defaults: (object) =>
    change(object, "spec", (spec) =>
      change(spec, "parameters", (given) => fill(given, { scope: "Cluster" })),
    ),
  validate({ spec = {} }) {
    const errors: Errors = [];
    const { controller = "", parameters: given } = spec;
    if (controller.length > longestController)
      errors.push(tooLong(at.child("controller"), longestController));
    domainPath(errors, at.child("controller"), controller);
    if (given !== undefined) parameters(errors, at.child("parameters"), given);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, at.child("controller"), next.spec?.controller, previous.spec?.controller);
    return errors;
  },
  columns: [
    markedDefault("ingressclass.kubernetes.io/is-default-class"),
    column(
      "Controller",
      "string",
      "Controller that is responsible for handling this class",
      ({ spec }: V1IngressClass) => spec?.controller ?? "",
    ),
    column(
      "Parameters",
      "string",
      "A reference to a resource with additional parameters",
      ({ spec }: V1IngressClass) => {
        const given = spec?.parameters;
        if (given === undefined) return "<none>";
        const kind = given.apiGroup === undefined ? given.kind : `${given.kind}.${given.apiGroup}`;
        return `${kind}/${given.name}`;
      },
    ),
    ageColumn,
  ],
};
