/** 403 in upstream's words. Upstream: apiserver/pkg/endpoints/handlers/responsewriters/errors.go ForbiddenStatusError. */
import { forbidden, type StatusError } from "#apimachinery/status.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";

/** Nothing that a browser could take for markup. */
const harmless = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export function denied(user: UserInfo, info: RequestInfo, reason: string): StatusError {
  const { group, resource, subresource, namespace, name, verb, isResource, path } = info;
  const because = reason === "" ? "" : `: ${reason}`;
  const who = JSON.stringify(user.name);
  if (!isResource) {
    const why = harmless(`User ${who} cannot ${verb} path ${JSON.stringify(path)}`);
    return forbidden({ group: "", resource: "" }, "", why + because);
  }
  const what = JSON.stringify(subresource === "" ? resource : `${resource}/${subresource}`);
  const where =
    namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const why = harmless(
    `User ${who} cannot ${verb} resource ${what} in API group ${JSON.stringify(group)} ${where}`,
  );
  return forbidden({ group, resource }, name, why + because);
}
