/** The object a platform path names: `<resource>[/<namespace>]/<name>`, namespace `default` when left out. */
import { badRequest } from "#apimachinery/status.ts";
import { addressOf } from "#apiserver/front/address.ts";

export interface Subject {
  /** As the trace names it: `pods/default/web-1`, `nodes/worker-1`. */
  readonly obj: string;
  readonly resource: string;
  readonly name: string;
}

/** Cluster-scoped resources people ask for; everything else has a namespace. */
const clusterScoped = new Set([
  "nodes",
  "namespaces",
  "persistentvolumes",
  "storageclasses",
  "clusterroles",
  "clusterrolebindings",
  "priorityclasses",
]);

export function objOf(request: Request, prefix: string): Subject {
  const parts = decodeURIComponent(addressOf(request.url)?.path.slice(prefix.length) ?? "")
    .split("/")
    .filter((part) => part !== "");
  const [resource = "", second = "", third] = parts;
  if (parts.length < 2 || parts.length > 3) {
    throw badRequest(
      `name the object as ${prefix}<resource>[/<namespace>]/<name>, e.g. ${prefix}pods/web-1`,
    );
  }
  if (third !== undefined) return { obj: parts.join("/"), resource, name: third };
  const obj = clusterScoped.has(resource)
    ? `${resource}/${second}`
    : `${resource}/default/${second}`;
  return { obj, resource, name: second };
}
