/** Which object a request in the trace was about, and where it lies in the API. */
import { requestInfo } from "#apiserver/http/request-info.ts";
import type { Registry } from "#apiserver/registry.ts";
import type { AuditTarget } from "./audit.ts";

const noQuery = new URLSearchParams();

/** By the path a client sent. */
export function targetOfPath(path: string): AuditTarget | undefined {
  const { isResource, ...info } = requestInfo(path, "GET", noQuery);
  const { group, version, resource, namespace, name, subresource } = info;
  return isResource ? { group, version, resource, namespace, name, subresource } : undefined;
}

/** By its name in the trace, `pods/default/web/status`, in the version it is stored as. */
export function targetOfObject(
  registry: Registry,
  obj: string,
): { readonly target: AuditTarget; readonly path: string } | undefined {
  const [plural = "", ...rest] = obj.split("/");
  const found = registry.all.find((one) => one.plural === plural && one.face === undefined);
  if (found === undefined) return undefined;
  const [namespace = "", name = "", subresource = ""] = found.namespaced ? rest : ["", ...rest];
  const { group, version, apiVersion } = found;
  const root = group === "" ? `/api/${version}` : `/apis/${apiVersion}`;
  const within = namespace === "" ? "" : `/namespaces/${namespace}`;
  const path = [root + within, plural, name, subresource].filter((part) => part !== "").join("/");
  return { target: { group, version, resource: plural, namespace, name, subresource }, path };
}
