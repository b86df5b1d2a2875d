/**
 * The controllers that run inside the API server: they make definitions into APIs, and tell which APIs there are.
 * They act as the API server itself.
 * Upstream: apiextensions-apiserver/pkg/apiserver/apiserver.go, kube-aggregator/pkg/apiserver/apiserver.go; both use the
 * loopback client.
 * Differs: there is no NonStructuralSchema controller, because a definition that is not structural is refused.
 */
import type { Identity } from "#client/component.ts";
import { Autoregister, autoregister } from "./aggregator/autoregister.ts";
import { availability } from "./aggregator/availability.ts";
import { approval } from "./api-extensions/approval.ts";
import { establishing } from "./api-extensions/establishing.ts";
import { finalizer } from "./api-extensions/finalizer.ts";
import { naming } from "./api-extensions/naming.ts";
import { ControllerComponent } from "./controller-component.ts";
import { type FlowControl, flowControlEnsurer } from "./flow-control-ensurer.ts";
import { flowSchema } from "./flow-schema.ts";
import { legacyTokenTracking } from "./legacy-token-tracking.ts";
import type { ControllerManager } from "./manager.ts";
import { defaultServiceCidr } from "./service-cidrs/default-service-cidr.ts";

const identity: Identity = {
  name: "kube-apiserver",
  user: "system:apiserver",
  groups: ["system:masters", "system:authenticated"],
};

/** `flowControl`: the objects that it keeps. */
export const apiServerControllers = (flowControl: FlowControl): ControllerManager => ({
  identity,
  components: [
    ...[
      naming,
      establishing,
      approval,
      finalizer,
      availability,
      flowSchema,
      defaultServiceCidr,
      legacyTokenTracking(),
      flowControlEnsurer(flowControl),
    ].map((controller) => new ControllerComponent(controller, identity)),
    new Autoregister(autoregister, identity),
  ],
});
