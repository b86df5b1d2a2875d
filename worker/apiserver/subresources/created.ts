/** What a POST to a subresource is answered that makes no object of its own. Upstream: metav1.Status of a named creater. */
import type { Status } from "#apimachinery/status.ts";

export const created: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};
