/**
 * The API server's own range is there again when somebody took it away.
 * Upstream: pkg/controlplane/controller/defaultservicecidr/default_servicecidr_controller.go.
 */
import type { V1ServiceCIDR } from "#apimachinery/api/networking-v1.ts";
import { defaultServiceCidr as name, serviceCidr } from "#apimachinery/service-range.ts";
import { isReason } from "#apimachinery/status.ts";
import { done } from "#client/component.ts";
import type { Controller } from "#controllers/controller.ts";
import { serviceCidrKind } from "./service-cidr.ts";

export const defaultServiceCidr: Omit<Controller, "account"> = {
  name: "kubernetes-service-cidr-controller",
  watches: serviceCidrKind,
  reconcile(key, step) {
    if (key !== name || step.lister(serviceCidrKind).get(key) !== undefined) return done;
    const range: V1ServiceCIDR = {
      apiVersion: "networking.k8s.io/v1",
      kind: "ServiceCIDR",
      metadata: { name },
      spec: { cidrs: [serviceCidr] },
    };
    try {
      step.client.create(range);
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
    }
    return done;
  },
};
