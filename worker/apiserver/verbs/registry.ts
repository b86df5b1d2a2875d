/** What each verb does behind gates 1 and 2. Watches are streams and go through `http/watch.ts`. */
import type { Answer } from "#apiserver/answer.ts";
import type { Call } from "#apiserver/server.ts";
import { reviews } from "#apiserver/reviews/registry.ts";
import { namedBinding } from "#apiserver/subresources/binding.ts";
import { create } from "./create.ts";
import { deleteCollection } from "./delete-collection.ts";
import { deleteOne } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { patch } from "./patch.ts";
import { update } from "./update.ts";

type VerbHandler = (call: Call) => Answer;

/** A POST of these is asked, or done, and nothing of it is stored. */
const unstored: Readonly<Record<string, VerbHandler>> = { ...reviews, "v1/Binding": namedBinding };

export const verbs: Readonly<Record<string, VerbHandler>> = {
  get,
  list,
  create: (call) => (unstored[call.resource.gvk] ?? create)(call),
  update: (call) => update(call),
  patch: (call) => patch(call),
  delete: deleteOne,
  deletecollection: deleteCollection,
};
