/** `example.com/path`. Upstream: apimachinery/pkg/util/validation IsDomainPrefixedPath. */
import { type FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1123Subdomain, withRegex } from "#apimachinery/names.ts";
import { type Errors, named } from "./rule.ts";

const format = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pattern = new RegExp(`^${format}$`);
const wrongPath = withRegex("Invalid path", format);

export function domainPath(errors: Errors, at: FieldPath, value: string): void {
  if (value === "") {
    errors.push(required(at));
    return;
  }
  const slash = value.indexOf("/");
  if (slash <= 0 || slash === value.length - 1) {
    errors.push(invalid(at, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
    return;
  }
  const path = value.slice(slash + 1);
  named(errors, at, value.slice(0, slash), dns1123Subdomain);
  if (!pattern.test(path)) errors.push(invalid(at, path, wrongPath));
}
