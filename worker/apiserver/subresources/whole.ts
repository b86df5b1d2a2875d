/** Subresources that take the whole object and write one part of it. What may change is the part's own business. */
import { methodNotRouted } from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import type { Call } from "#apiserver/server.ts";
import { get } from "#apiserver/verbs/get.ts";
import { patch } from "#apiserver/verbs/patch.ts";
import { type Part, update } from "#apiserver/verbs/update.ts";
import type { Subresource } from "./subresource.ts";

export function whole(gvk: string, name: string, part: Part): Subresource {
  return {
    name,
    on: (resource) => resource.gvk === gvk,
    handle: (call) => wholeAnswer(call, part),
  };
}

/** GET, PUT and PATCH. */
export function wholeAnswer(call: Call, part?: Part): Answer {
  const { verb } = call.request.info;
  if (verb === "get") return get(call);
  if (verb === "update") return update(call, part);
  if (verb === "patch") return patch(call, part);
  throw methodNotRouted();
}
