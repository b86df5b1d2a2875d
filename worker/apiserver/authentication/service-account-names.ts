/** A service account as a user: its name, its groups. Upstream: apiserver/pkg/authentication/serviceaccount/util.go. */
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";

const prefix = "system:serviceaccount:";
const allAccounts = "system:serviceaccounts";

export const accountUsername = (namespace: string, name: string): string =>
  `${prefix}${namespace}:${name}`;

export const accountGroups = (namespace: string): readonly string[] => [
  allAccounts,
  `${allAccounts}:${namespace}`,
];

/** The account a user name stands for; undefined: it is no service account's. */
export function accountOf(
  username: string,
): { readonly namespace: string; readonly name: string } | undefined {
  if (!username.startsWith(prefix)) return undefined;
  const [namespace = "", name = "", more] = username.slice(prefix.length).split(":");
  if (more !== undefined || dns1123Label(namespace).length > 0 || dns1123Subdomain(name).length > 0)
    return undefined;
  return { namespace, name };
}
