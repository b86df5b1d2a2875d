/** What a path and a method ask for. Upstream: apiserver/pkg/endpoints/request/requestinfo.go. */
import { pathSegmentName } from "#apimachinery/names.ts";
import type { RequestInfo } from "#apiserver/request.ts";
import { flag } from "./options.ts";

const methods: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** The one object that a list's field selector names: who may read only that one may ask so. */
function selectedName(query: URLSearchParams): string {
  const selector = query.get("fieldSelector") ?? "";
  const [, name = ""] = /^(?:.*,)?metadata\.name==?([^,!=\\]+)(?:,.*)?$/.exec(selector) ?? [];
  return pathSegmentName(name).length === 0 ? name : "";
}

/** Subresources of a namespace; what else follows `namespaces/<name>/` is a resource in it. */
const namespaceSubresources = new Set(["status", "finalize"]);

function nonResource(path: string, method: string): RequestInfo {
  const verb = method.toLowerCase();
  return {
    isResource: false,
    path,
    verb,
    group: "",
    version: "",
    resource: "",
    subresource: "",
    namespace: "",
    name: "",
  };
}

/** `path` is the decoded path below the cluster's URL. */
export function requestInfo(path: string, method: string, query: URLSearchParams): RequestInfo {
  const parts = path.split("/").filter((part) => part !== "");
  const isCore = parts[0] === "api";
  if (!isCore && parts[0] !== "apis") return nonResource(path, method);
  const from = isCore ? 2 : 3;
  if (parts.length <= from) return nonResource(path, method);
  const group = isCore ? "" : (parts[1] ?? "");
  const version = (isCore ? parts[1] : parts[2]) ?? "";
  let rest = parts.slice(from);
  let verb = methods[method] ?? method.toLowerCase();
  // The old form: /api/v1/watch/pods.
  const oldWatch = rest[0] === "watch" && rest.length > 1;
  if (oldWatch) rest = rest.slice(1);
  let namespace = "";
  if (rest[0] === "namespaces") {
    const [, name = "", third] = rest;
    if (rest.length > 1) namespace = name;
    if (third !== undefined && !namespaceSubresources.has(third)) rest = rest.slice(2);
  }
  const [resource = "", named = "", ...more] = rest;
  let name = named;
  if (verb === "get" && oldWatch) verb = "watch";
  else if (verb === "get" && named === "") {
    verb = flag(query, "watch") === true ? "watch" : "list";
    name = selectedName(query);
  } else if (verb === "delete" && named === "") verb = "deletecollection";
  return {
    isResource: true,
    path,
    verb,
    group,
    version,
    resource,
    subresource: more[0] ?? "",
    namespace,
    name,
  };
}
