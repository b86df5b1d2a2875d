/** ReplicationController. Upstream: pkg/registry/core/replicationcontroller/strategy.go, pkg/apis/core/validation. */
import type { V1ReplicationController } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, invalid, required } from "#apimachinery/field.ts";
import {
  ageColumn,
  containerColumns,
  labelsText,
  nameColumn,
  replicaColumns,
  wide,
  doc,
} from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, notNegative, notNegatives } from "#apiserver/kinds/rules/rule.ts";
import { podTemplateDefaults } from "./pod-spec/defaults.ts";
import { withSupportedTemplate } from "./pod-spec/prepare.ts";
import { lastingTemplate } from "./pod-spec/validation.ts";
import { hostnameWarnings, podNames, templateWarnings } from "./pod-spec/warnings.ts";

const at = new FieldPath("spec");
const template = at.child("template");

function defaults(object: V1ReplicationController): V1ReplicationController {
  const labels = object.spec?.template?.metadata?.labels;
  const made = change(object, "spec", (spec) =>
    change(
      fill(spec, { replicas: 1, ...(labels === undefined ? {} : { selector: labels }) }),
      "template",
      podTemplateDefaults,
    ),
  );
  return labels === undefined || Object.keys(made.metadata.labels ?? {}).length > 0
    ? made
    : { ...made, metadata: { ...made.metadata, labels } };
}

function validate({ spec = {} }: V1ReplicationController): readonly FieldError[] {
  const errors: Errors = [];
  const { selector = {} } = spec;
  notNegative(errors, at.child("minReadySeconds"), spec.minReadySeconds);
  if (Object.keys(selector).length === 0) errors.push(required(at.child("selector")));
  notNegative(errors, at.child("replicas"), spec.replicas);
  if (spec.template === undefined) {
    errors.push(required(template));
    return errors;
  }
  const labels = spec.template.metadata?.labels ?? {};
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value))
    errors.push(
      invalid(
        template.child("metadata", "labels"),
        labels,
        "`selector` does not match template `labels`",
      ),
    );
  lastingTemplate(errors, template, spec.template, "ReplicationController");
  return errors;
}

const parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
function validateStatusUpdate({ status }: V1ReplicationController): readonly FieldError[] {
  const errors: Errors = [];
  if (status === undefined) return errors;
  const here = new FieldPath("status");
  notNegatives(errors, here, status, ["replicas", ...parts, "observedGeneration"]);
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  for (const name of parts)
    if ((status[name] ?? 0) > replicas)
      errors.push(
        invalid(here.child(name), status[name], "cannot be greater than status.replicas"),
      );
  if (availableReplicas > readyReplicas)
    errors.push(
      invalid(
        here.child("availableReplicas"),
        availableReplicas,
        "cannot be greater than readyReplicas",
      ),
    );
  return errors;
}

const selectorText = (object: V1ReplicationController): string =>
  Object.entries(object.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(",");

export const replicationController: Kind<V1ReplicationController> = {
  gvk: "v1/ReplicationController",
  orphans: {},
  storage: "controllers",
  defaults,
  prepareForCreate: (object) => ({ ...withSupportedTemplate(object), status: { replicas: 0 } }),
  prepareForUpdate: withSupportedTemplate,
  validate,
  validateStatusUpdate,
  // As upstream: an update is told of the template that it replaces.
  warnings(next, previous) {
    if (previous === undefined)
      return [
        ...hostnameWarnings(next.metadata.name, podNames),
        ...templateWarnings(template, next.spec?.template),
      ];
    return previous.metadata.generation === next.metadata.generation
      ? []
      : templateWarnings(template, previous.spec?.template);
  },
  columns: [
    nameColumn,
    ...replicaColumns("core.v1.ReplicationController"),
    ageColumn,
    ...containerColumns<V1ReplicationController>(({ spec }) => spec?.template?.spec?.containers),
    wide("Selector", doc("core.v1.ReplicationControllerSpec.selector"), ({ spec }) =>
      labelsText(spec?.selector),
    ),
  ],
  fields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
  scale: {
    spec: ["spec", "replicas"],
    status: ["status", "replicas"],
    selector: (object) => selectorText(object as V1ReplicationController),
  },
};
