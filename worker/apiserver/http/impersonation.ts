/** Impersonate-* headers. Upstream: apiserver/pkg/endpoints/filters/impersonation/constrained_impersonation.go processImpersonationHeaders. */
import { badRequest } from "#apimachinery/status.ts";
import type { WantedUser } from "#apiserver/request.ts";

const extraPrefix = "impersonate-extra-";

/** Whom the request wants to act as, as the headers say it; undefined: as itself. */
export function wantedUser(headers: Headers): WantedUser | undefined {
  const name = headers.get("impersonate-user") ?? "";
  const groups = listOf(headers.get("impersonate-group"));
  const uid = headers.get("impersonate-uid") ?? "";
  const extra: Record<string, string[]> = {};
  // An iterator of headers costs several times as much, on every request.
  headers.forEach((value, key) => {
    if (key.startsWith(extraPrefix))
      extra[unescaped(key.slice(extraPrefix.length))] = listOf(value);
  });
  const wanted = { name, uid, groups, extra };
  if (name !== "") return wanted;
  if (groups.length > 0 || uid !== "" || Object.keys(extra).length > 0)
    throw badRequest(`requested ${goText(wanted)} without impersonating a user name`);
  return undefined;
}

/** What is no valid escape stays as it is. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/**
 * Repeated headers arrive joined by a comma and a space; a comma alone is part of a value.
 * Differs: so is not ", " inside of one, because where a header ended can no longer be told.
 */
const listOf = (value: string | null): string[] =>
  value === null || value === "" ? [] : value.split(", ");

/** As Go prints a *user.DefaultInfo with %#v. */
function goText({ name, uid, groups, extra }: WantedUser): string {
  const strings = (texts: readonly string[]): string =>
    `{${texts.map((text) => JSON.stringify(text)).join(", ")}}`;
  const keys = Object.entries(extra).map(
    ([key, values]) => `${JSON.stringify(key)}:[]string${strings(values)}`,
  );
  const groupsText = groups.length === 0 ? "[]string(nil)" : `[]string${strings(groups)}`;
  const extraText =
    keys.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${keys.join(", ")}}`;
  return `&user.DefaultInfo{Name:${JSON.stringify(name)}, UID:${JSON.stringify(uid)}, Groups:${groupsText}, Extra:${extraText}}`;
}
