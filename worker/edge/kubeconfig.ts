/** The kubeconfig of a cluster's admin. The server's path is the credential, so the user has none of its own. */
import { stringify } from "yaml";

export function kubeconfig(name: string, server: string): string {
  const context = `kubernetes-admin@${name}`;
  // Over plain http some clients ask for this before they talk to anybody.
  const trust = server.startsWith("http:") ? { "insecure-skip-tls-verify": true } : {};
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, ...trust } }],
    users: [{ name: "kubernetes-admin", user: {} }],
    contexts: [{ name: context, context: { cluster: name, user: "kubernetes-admin" } }],
    "current-context": context,
    preferences: {},
  });
}
