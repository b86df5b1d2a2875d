/** Parameters of policies: their kind, and which of them a binding takes. Upstream: pkg/apis/admissionregistration/validation validateParamKind, validateParamRef. */
import type { V1ParamKind, V1ParamRef } from "#apimachinery/api/admissionregistration-v1.ts";
import { type FieldPath, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1035Label, dns1123Subdomain, pathSegmentName } from "#apimachinery/names.ts";
import { selectorGoText } from "#apimachinery/selector.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";

const notFoundActions = ["Deny", "Allow"];

export function paramKind(errors: Errors, at: FieldPath, given: V1ParamKind): void {
  const { apiVersion = "", kind = "" } = given;
  const here = at.child("apiVersion");
  const parts = apiVersion.split("/");
  const [group, version] = parts.length === 1 ? ["", apiVersion] : [parts[0] ?? "", parts[1] ?? ""];
  if (apiVersion === "") errors.push(required(here));
  else if (parts.length > 2)
    errors.push(invalid(here, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const problems = group === "" ? [] : dns1123Subdomain(group);
    if (problems.length > 0) errors.push(invalid(here, group, problems.join(",")));
    if (version === "") errors.push(invalid(here, apiVersion, "version must be specified"));
    else {
      const wrong = dns1035Label(version);
      if (wrong.length > 0) errors.push(invalid(here, version, wrong.join(",")));
    }
  }
  if (kind === "") errors.push(required(at.child("kind")));
  else {
    const wrong = dns1035Label(kind.toLowerCase());
    if (wrong.length > 0)
      errors.push(
        invalid(
          at.child("kind"),
          kind,
          `may have mixed case, but should otherwise match: ${wrong.join(",")}`,
        ),
      );
  }
}

export function paramRef(errors: Errors, at: FieldPath, given: V1ParamRef | undefined): void {
  if (given === undefined) return;
  const { name, selector, parameterNotFoundAction: action } = given;
  const exclusive = "name and selector are mutually exclusive";
  if (name) {
    named(errors, at.child("name"), name, pathSegmentName);
    if (selector !== undefined) errors.push(forbidden(at.child("name"), exclusive));
  }
  if (selector !== undefined) {
    labelSelector(errors, at.child("selector"), selector);
    if (name) errors.push(forbidden(at.child("selector"), exclusive));
  }
  if (!name && selector === undefined)
    errors.push(required(at, "one of name or selector must be specified"));
  if (!action) errors.push(required(at.child("parameterNotFoundAction")));
  else if (!notFoundActions.includes(action))
    errors.push(
      unsupported(at.child("parameterNotFoundAction"), action, notFoundActions, "listed"),
    );
}

/** As the columns show it. */
export const kindText = (given: V1ParamKind | undefined): string =>
  given === undefined ? "<unset>" : `${given.apiVersion}/${given.kind}`;
export function refText(given: V1ParamRef | undefined): string {
  if (given === undefined) return "<unset>";
  if (given.name) return given.namespace ? `${given.namespace}/${given.name}` : `*/${given.name}`;
  return given.selector === undefined ? "<unset>" : selectorGoText(given.selector);
}
