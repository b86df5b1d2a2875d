/** A new cluster's first objects, as kubeadm leaves them; each created through the API server by whom upstream has it. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { gvkOf } from "#client/client.ts";
import { isReason } from "#apimachinery/status.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import { bootstrapObjects } from "./bootstrap/objects.ts";
import type { Wired } from "./wiring.ts";
import { InProcessTransport } from "./transport.ts";
import { yieldTurn } from "./wall.ts";

/** Steps a new cluster may take until its system Pods are Ready; far more than it needs. */
const mostSteps = 1_000_000;
const isReady = ({ status }: V1Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;

/** Steps between two yields. */
const sliceSteps = 200;

/** Lets the cluster's own time pass, however little of ours, until everything kubeadm started is Ready. */
export async function settle({ api, loop, deliver }: Wired): Promise<void> {
  const areReady = (): boolean => (api.objects("v1/Pod") as readonly V1Pod[]).every(isReady);
  for (let n = 1; n <= mostSteps && !(loop.ready === 0 && areReady()); n += 1) {
    if (loop.stepOnce() === undefined) return;
    if (loop.waiting !== undefined) await loop.waiting;
    if (n % sliceSteps !== 0) continue;
    deliver();
    await yieldTurn();
  }
}

/** May be cut off and begun again: what exists is left alone. */
export function boot({ api, transaction, secrets }: Wired, options: ClusterOptions): void {
  const transport = new InProcessTransport(api, api.registry);
  transaction(() => {
    for (const { as, objects } of bootstrapObjects(options, secrets.authority.certificate)) {
      for (const object of objects) {
        const { namespace = "", name = "" } = object.metadata;
        const call = {
          verb: "create",
          kind: gvkOf(object),
          namespace,
          name,
          subresource: "",
          body: object,
        } as const;
        try {
          transport.call(as, call, 0, undefined);
        } catch (error) {
          if (!isReason(error, "AlreadyExists")) throw error;
        }
      }
    }
  });
}
