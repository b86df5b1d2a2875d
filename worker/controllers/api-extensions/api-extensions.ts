/**
 * The controllers that run inside the API server: they make definitions into APIs. They act as the API server itself.
 * Upstream: apiextensions-apiserver/pkg/apiserver/apiserver.go; it has the loopback client's identity.
 * Differs: there is no NonStructuralSchema controller, because a definition that is not structural is refused.
 */
import type { Identity } from "#client/component.ts";
import { ControllerComponent } from "#controllers/controller-component.ts";
import type { ControllerManager } from "#controllers/manager.ts";
import { approval } from "./approval.ts";
import { establishing } from "./establishing.ts";
import { finalizer } from "./finalizer.ts";
import { naming } from "./naming.ts";

const apiServer: Identity = {
  name: "kube-apiserver",
  user: "system:apiserver",
  groups: ["system:masters", "system:authenticated"],
};

export const apiExtensions = (): ControllerManager => ({
  identity: apiServer,
  components: [naming, establishing, approval, finalizer].map(
    (controller) => new ControllerComponent(controller, apiServer),
  ),
});
