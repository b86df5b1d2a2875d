/** Impersonate-* headers. Upstream: apiserver/pkg/endpoints/filters/impersonation.go. */
import { internalError } from "#apimachinery/status.ts";
import type { UserInfo } from "#apiserver/request.ts";

interface Who {
  readonly user: UserInfo | undefined;
  readonly impersonator: UserInfo | undefined;
}

const extraPrefix = "impersonate-extra-";
const authenticated = "system:authenticated";

/** Whom the request acts as, and who asked for that. */
export function impersonated(headers: Headers, user: UserInfo | undefined): Who {
  const name = headers.get("impersonate-user");
  const groups = listOf(headers.get("impersonate-group"));
  const uid = headers.get("impersonate-uid") ?? "";
  const extra: Record<string, string[]> = {};
  for (const [key, value] of headers) {
    if (key.startsWith(extraPrefix))
      extra[decodeURIComponent(key.slice(extraPrefix.length))] = listOf(value);
  }
  if (user === undefined) return { user, impersonator: undefined };
  if (!name) {
    if (groups.length > 0 || uid !== "" || Object.keys(extra).length > 0) {
      throw internalError("requested [] without impersonating a user");
    }
    return { user, impersonator: undefined };
  }
  return { user: { name, uid, groups: withDefaults(name, groups), extra }, impersonator: user };
}

/** What every authenticated user is a member of. */
function withDefaults(name: string, groups: readonly string[]): readonly string[] {
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  const own =
    account === null || groups.length > 0
      ? groups
      : ["system:serviceaccounts", `system:serviceaccounts:${account[1]}`];
  if (name === "system:anonymous")
    return own.includes("system:unauthenticated") ? own : [...own, "system:unauthenticated"];
  return own.includes(authenticated) ? own : [...own, authenticated];
}

/** Repeated headers arrive joined. */
const listOf = (value: string | null): string[] =>
  value === null || value === "" ? [] : value.split(",").map((one) => one.trim());
