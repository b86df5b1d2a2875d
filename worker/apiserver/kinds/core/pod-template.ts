/** PodTemplate. Upstream: pkg/registry/core/podtemplate/strategy.go, pkg/apis/core/validation ValidatePodTemplate. */
import type { V1PodTemplate } from "#apimachinery/api/core-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { column, containerColumns, labelsText, nameColumn } from "#apiserver/kinds/columns.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { podTemplateDefaults } from "./pod-spec/defaults.ts";
import { supportedTemplate } from "./pod-spec/prepare.ts";
import { podTemplate as templateRule } from "./pod-spec/validation.ts";
import { templateWarnings } from "./pod-spec/warnings.ts";

const at = new FieldPath("template");
const supported = (object: V1PodTemplate): V1PodTemplate =>
  change(object, "template", supportedTemplate);
const [containers, images] = containerColumns<V1PodTemplate>(
  ({ template }) => template?.spec?.containers,
).map((one) => ({ ...one, priority: 0 }));

export const podTemplate: Kind<V1PodTemplate> = {
  gvk: "v1/PodTemplate",
  defaults: (object) => change(object, "template", podTemplateDefaults),
  prepareForCreate: (object) => ({
    ...supported(object),
    metadata: { ...object.metadata, generation: 1 },
  }),
  prepareForUpdate: supported,
  validate({ template }) {
    const errors: Errors = [];
    templateRule(errors, at, template);
    return errors;
  },
  generation: true,
  warnings: (next, previous) =>
    previous?.metadata.generation === next.metadata.generation && previous !== undefined
      ? []
      : templateWarnings(at, next.template),
  columns: [
    nameColumn,
    ...(containers === undefined || images === undefined ? [] : [containers, images]),
    column("Pod Labels", "string", "The labels for the pod template.", ({ template }) =>
      labelsText(template?.metadata?.labels),
    ),
  ],
};
