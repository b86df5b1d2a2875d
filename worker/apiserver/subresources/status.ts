/** /status: the same object, but only status (and annotations) may change. Upstream: registry/<kind>/storage.go StatusREST. */
import { methodNotRouted } from "#apimachinery/status.ts";
import { get } from "#apiserver/verbs/get.ts";
import { patch } from "#apiserver/verbs/patch.ts";
import { update } from "#apiserver/verbs/update.ts";
import { has, type Subresource } from "./subresource.ts";

export const status: Subresource = {
  name: "status",
  on: (resource) => has(resource, "status"),
  handle(call) {
    const { verb } = call.request.info;
    if (verb === "get") return get(call);
    if (verb === "update") return update(call);
    if (verb === "patch") return patch(call);
    throw methodNotRouted();
  },
};
