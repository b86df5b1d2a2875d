/** /status: the same object, but only status (and annotations) may change. Upstream: registry/<kind>/storage.go StatusREST. */
import { has, type Subresource } from "./subresource.ts";
import { wholeAnswer } from "./whole.ts";

export const status: Subresource = {
  name: "status",
  on: (resource) => has(resource, "status"),
  handle: (call) => wholeAnswer(call),
};
