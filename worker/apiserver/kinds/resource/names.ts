/**
 * How devices, pools and what they have are named.
 * Upstream: pkg/apis/resource/validation validatePoolName, validateQualifiedName, validateFullyQualifiedName, validateUID.
 */
import { type FieldPath, invalid, required, tooLong } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, qualifiedName, withRegex } from "#apimachinery/names.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";
import { type Errors, named, type Rule } from "#apiserver/kinds/rules/rule.ts";

const longest = { pool: 253, identifier: 32, domain: 63 };
/** Domain, slash and identifier. */
export const longestAttributeName = longest.domain + 1 + longest.identifier;

export function poolName(errors: Errors, at: FieldPath, name = ""): void {
  if (name === "") {
    errors.push(required(at));
    return;
  }
  if (name.length > longest.pool) errors.push(tooLong(at, longest.pool));
  for (const part of name.split("/")) named(errors, at, part, dns1123Subdomain);
}

/** Of a device, a request, a counter: an empty one is no label either. */
export const label: Rule<string | undefined> = (errors, at, name = "") =>
  named(errors, at, name, dns1123Label);
/** The name of a label or of a condition. */
export const labelName: Rule<string | undefined> = (errors, at, name = "") =>
  named(errors, at, name, qualifiedName);

const identifierFormat = "[A-Za-z_][A-Za-z0-9_]*";
const identifierPattern = new RegExp(`^${identifierFormat}$`);
const identifierText = withRegex(
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  identifierFormat,
  "my_name",
  "MY_NAME",
  "MyName",
);
function identifier(errors: Errors, at: FieldPath, id: string): void {
  if (id.length > longest.identifier) errors.push(tooLong(at, longest.identifier));
  if (!identifierPattern.test(id)) errors.push(invalid(at, id, identifierText));
}

/** `model`, `dra.example.com/model`. More slashes than one pass, as upstream lets them. */
export const attributeName: Rule<string> = (errors, at, name) => {
  const [first = "", second, ...more] = name.split("/");
  if (more.length > 0) return;
  if (second === undefined) {
    identifier(errors, at, first);
    return;
  }
  if (first === "") errors.push(invalid(at, "", "the domain must not be empty"));
  else driverName(errors, at, first);
  if (second === "") errors.push(invalid(at, "", "the name must not be empty"));
  else identifier(errors, at, second);
};
export const attributeNameWithDomain: Rule<string> = (errors, at, name) => {
  attributeName(errors, at, name);
  if (!name.includes("/"))
    errors.push(
      invalid(at, name, "a fully qualified name must be a domain and a name separated by a slash"),
    );
};

const hexPattern = /^[0-9a-f]{32}$/i;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Upstream: github.com/google/uuid Validate. */
function uuidProblem(text: string): string | undefined {
  const badFormat = "invalid UUID format";
  switch (text.length) {
    case 32:
      return hexPattern.test(text) ? undefined : badFormat;
    case 36:
      return uuidPattern.test(text) ? undefined : badFormat;
    case 38:
      if (!text.startsWith("{") || !text.endsWith("}")) return "invalid bracketed UUID format";
      return uuidPattern.test(text.slice(1, -1)) ? undefined : badFormat;
    case 45:
      if (text.slice(0, 9).toLowerCase() !== "urn:uuid:")
        return `invalid urn prefix: ${JSON.stringify(text.slice(0, 9))}`;
      return uuidPattern.test(text.slice(9)) ? undefined : badFormat;
    default:
      return `invalid UUID length: ${text.length}`;
  }
}
export function uid(errors: Errors, at: FieldPath, text: string | undefined): void {
  if (text === undefined) return;
  const problem = uuidProblem(text);
  if (problem !== undefined) errors.push(invalid(at, text, `error validating uid: ${problem}`));
  else if (text.length !== 36 || text !== text.toLowerCase())
    errors.push(
      invalid(
        at,
        text,
        "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters",
      ),
    );
}
