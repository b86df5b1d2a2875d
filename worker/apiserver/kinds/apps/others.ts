/** StatefulSet and ControllerRevision: served and shown; nothing acts on them yet. Upstream: pkg/registry/apps. */
import type { V1ControllerRevision, V1StatefulSet } from "#apimachinery/api/apps-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import {
  ageColumn,
  column,
  columnsOf,
  imagesOf,
  namesOf,
  nameColumn,
  wide,
} from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { scaled, selectorFrozen, workloadErrors } from "./workload.ts";

export const statefulSet: Kind<V1StatefulSet> = {
  gvk: "apps/v1/StatefulSet",
  defaults: (object) =>
    change(object, "spec", (given) => {
      const spec = fill(given, {
        replicas: 1,
        podManagementPolicy: "OrderedReady",
        revisionHistoryLimit: 10,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      });
      return change(spec, "template", podTemplateDefaults);
    }),
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...object,
    status: { replicas: 0, availableReplicas: 0 },
  }),
  validate: (object) => workloadErrors(object),
  validateUpdate: selectorFrozen,
  columns: [
    nameColumn,
    column(
      "Ready",
      "string",
      "Ready Pods, of those wanted.",
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    ageColumn,
    wide("Containers", "Names of the template's containers.", ({ spec }) =>
      namesOf(spec?.template.spec?.containers),
    ),
    wide("Images", "Images of the template's containers.", ({ spec }) =>
      imagesOf(spec?.template.spec?.containers),
    ),
  ],
  scale: scaled,
};

const owner = ({ metadata }: KubeObject): string => {
  const controller = metadata.ownerReferences?.find((reference) => reference.controller);
  return controller === undefined
    ? "<none>"
    : `${controller.kind.toLowerCase()}/${controller.name}`;
};
export const controllerRevision: Kind<V1ControllerRevision> = {
  gvk: "apps/v1/ControllerRevision",
  columns: columnsOf(
    column("Controller", "string", "Whose revision it is.", owner),
    column(
      "Revision",
      "integer",
      "Its number.",
      ({ revision }: V1ControllerRevision) => revision ?? 0,
    ),
  ),
};
