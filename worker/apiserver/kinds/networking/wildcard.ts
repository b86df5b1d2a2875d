/** `*.example.com`. Upstream: apimachinery/pkg/util/validation IsWildcardDNS1123Subdomain. */
import { withRegex } from "#apimachinery/names.ts";

const pattern = "\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const text = withRegex(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  pattern,
  "*.example.com",
);
const expression = new RegExp(`^${pattern}$`);

export const wildcardSubdomain = (value: string): readonly string[] =>
  expression.test(value) ? [] : [text];
