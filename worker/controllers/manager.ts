/**
 * The controller manager: makes components of the controllers and gives each its own identity.
 * Upstream: cmd/kube-controller-manager/app/controllermanager.go with --use-service-account-credentials.
 */
import type { Component, Identity } from "#client/component.ts";
import { ControllerComponent } from "./controller-component.ts";
import type { Controller } from "./controller.ts";
import { GarbageCollector } from "./garbage-collector/garbage-collector.ts";
import { controllers } from "./registry.ts";
import type { Signer } from "./signer.ts";
import { type TypeChecker, validatingAdmissionPolicy } from "./validating-admission-policy.ts";

/** Who reads for all controllers: their informers are shared. */
const managerIdentity: Identity = {
  name: "kube-controller-manager",
  user: "system:kube-controller-manager",
  groups: ["system:authenticated"],
};

export const accountIdentity = (name: string, account: string): Identity => ({
  name,
  user: `system:serviceaccount:kube-system:${account}`,
  groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
});

export interface ControllerManager {
  readonly identity: Identity;
  readonly components: readonly Component[];
}

export function controllerManager(signer: Signer, checker: TypeChecker): ControllerManager {
  return {
    identity: managerIdentity,
    components: [
      ...[...controllers, validatingAdmissionPolicy(checker)].map(
        (controller) => new ControllerComponent(controller, identityOf(controller), signer),
      ),
      new GarbageCollector(),
    ],
  };
}

const identityOf = ({ name, account }: Controller): Identity =>
  account === "" ? { ...managerIdentity, name } : accountIdentity(name, account);
