/**
 * What the API server sets right whenever it starts: its default policy, and that every Service's address is kept.
 * Upstream: pkg/registry/rbac/rest/storage_rbac.go PostStartHook, pkg/registry/core/service/ipallocator/controller/repairip.go.
 */
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason, StatusError } from "#apimachinery/status.ts";
import { Awaiting } from "#apiserver/awaiting.ts";
import { addressesOf } from "#apiserver/kinds/core/service-addresses.ts";
import { gvkOf } from "#client/client.ts";
import type { Call } from "#client/transport.ts";
import { apiServerPolicy } from "./bootstrap/cluster-roles.ts";
import { apiServer } from "./bootstrap/objects.ts";
import { isProtected, leadsElsewhere, updated } from "./bootstrap/policy-update.ts";
import { InProcessTransport } from "./transport.ts";
import type { Wired } from "./wiring.ts";

/** Writes only what is missing. */
export function start({ api, transaction }: Wired): void {
  const transport = new InProcessTransport(api, api.registry);
  const call = (verb: Call["verb"], object: KubeObject, more: Partial<Call> = {}): KubeObject => {
    const { namespace = "", name = "" } = object.metadata;
    const asked = { verb, kind: gvkOf(object), namespace, name, subresource: "", ...more };
    return transport.call(apiServer, asked, 0, undefined).object as KubeObject;
  };
  const found = (object: KubeObject): KubeObject | undefined => {
    try {
      return call("get", object);
    } catch (error) {
      if (isReason(error, "NotFound")) return undefined;
      throw error;
    }
  };
  const create = (object: KubeObject): void => {
    call("create", object, { body: object });
  };
  const set = (wanted: KubeObject): void => {
    const present = found(wanted);
    if (present === undefined) {
      create(wanted);
      return;
    }
    if (isProtected(present)) return;
    if (leadsElsewhere(wanted, present)) {
      call("delete", present);
      create(wanted);
      return;
    }
    const next = updated(wanted, present);
    if (next !== present) call("update", next, { body: next });
  };
  transaction(() => {
    for (const wanted of apiServerPolicy) attempt(() => set(wanted));
    for (const service of api.objects("v1/Service") as readonly V1Service[])
      for (const address of addressesOf(service))
        if (found(address) === undefined) attempt(() => create(address));
  });
}

/** What is refused (its namespace goes), or must wait for a webhook, is for the next start: this one goes on. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof StatusError) && !(error instanceof Awaiting)) throw error;
  }
}
