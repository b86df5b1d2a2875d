/** A new cluster's first objects, as kubeadm leaves them; each created through the API server by whom upstream has it. */
import { gvkOf } from "#client/client.ts";
import { isReason } from "#apimachinery/status.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import { bootstrapObjects } from "./bootstrap/objects.ts";
import type { Wired } from "./wiring.ts";
import { InProcessTransport } from "./transport.ts";

/** May be cut off and begun again: what exists is left alone. */
export function boot({ api, transaction }: Wired, options: ClusterOptions): void {
  const transport = new InProcessTransport(api, api.registry);
  transaction(() => {
    for (const { as, objects } of bootstrapObjects(options)) {
      for (const object of objects) {
        const { namespace = "", name = "" } = object.metadata;
        const call = { verb: "create", kind: gvkOf(object), namespace, name, subresource: "", body: object } as const;
        try {
          transport.call(as, call, 0, undefined);
        } catch (error) {
          if (!isReason(error, "AlreadyExists")) throw error;
        }
      }
    }
  });
}
