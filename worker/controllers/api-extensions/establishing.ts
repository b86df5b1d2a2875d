/** Serves a definition whose names are accepted. Upstream: apiextensions-apiserver/pkg/controller/establish/establishing_controller.go. */
import type { V1CustomResourceDefinition as Definition } from "#apimachinery/api/apiextensions-v1.ts";
import { done } from "#client/component.ts";
import { definitionKind } from "#controllers/custom-kinds.ts";
import type { Controller } from "#controllers/controller.ts";
import { isTrue, withCondition, writeStatus } from "./conditions.ts";

export const establishing: Omit<Controller, "account"> = {
  name: "crd-establishing",
  watches: definitionKind,
  reconcile(key, step) {
    const definition = step.lister<Definition>(definitionKind).get(key);
    if (
      definition === undefined ||
      !isTrue(definition, "NamesAccepted") ||
      isTrue(definition, "Established")
    )
      return done;
    const condition = {
      type: "Established",
      status: "True",
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    };
    writeStatus(step.client, withCondition(definition, condition, step.nowMs));
    return done;
  },
};
