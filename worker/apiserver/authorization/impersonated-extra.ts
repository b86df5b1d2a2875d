/** What the constrained modes refuse in a user's extra. Upstream: impersonation/mode.go validateExtra. */
import { dns1123Subdomain } from "#apimachinery/names.ts";
import type { WantedUser } from "#apiserver/request.ts";

export function extraProblem(extra: WantedUser["extra"]): string | undefined {
  for (const [key, values] of Object.entries(extra)) {
    if (key === "") return "impersonating the empty string key in extra is not allowed";
    const wrong = pathProblem(key);
    if (wrong !== undefined)
      return `impersonating an invalid key in extra is not allowed: extra.key: Invalid value: ${wrong}`;
    if (key !== key.toLowerCase())
      return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
    if (values.length === 0) return "impersonating empty values in extra is not allowed";
    if (values.includes("")) return "impersonating the empty string value in extra is not allowed";
  }
  return undefined;
}

const pathCharacters = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pathPattern = new RegExp(`^${pathCharacters}$`);

/** `acme.io/foo`. Upstream: apimachinery/pkg/util/validation IsDomainPrefixedPath. */
function pathProblem(key: string): string | undefined {
  const slash = key.indexOf("/");
  const host = key.slice(0, Math.max(slash, 0));
  const path = key.slice(slash + 1);
  if (slash < 0 || host === "" || path === "")
    return `${JSON.stringify(key)}: must be a domain-prefixed path (such as "acme.io/foo")`;
  const [wrong] = dns1123Subdomain(host);
  if (wrong !== undefined) return `${JSON.stringify(host)}: ${wrong}`;
  if (pathPattern.test(path)) return undefined;
  return `${JSON.stringify(path)}: Invalid path (regex used for validation is '${pathCharacters}')`;
}
