/** StatefulSet. Upstream: pkg/registry/apps/statefulset/strategy.go, pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation. */
import type { V1StatefulSet, V1StatefulSetSpec } from "#apimachinery/api/apps-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { ageColumn, column, containerColumns, nameColumn } from "#apiserver/kinds/columns.ts";
import { claimDefaults, claimWarnings } from "#apiserver/kinds/core/claim-spec.ts";
import { podAnnotations } from "#apiserver/kinds/core/pod-spec/annotations.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { withSupportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { count, countOf, notMoreThanAll } from "#apiserver/kinds/rules/count.ts";
import { type Errors, notNegative } from "#apiserver/kinds/rules/rule.ts";
import { labels } from "#apiserver/kinds/rules/selector.ts";
import { validateAnnotations } from "#apiserver/object-meta.ts";
import {
  matchesTemplate,
  notDecremented,
  scaled,
  selector,
  spec as at,
  statusCounts,
  template,
  workloadWarnings,
} from "./workload.ts";

function specDefaults(given: V1StatefulSetSpec): V1StatefulSetSpec {
  let spec = fill(given, {
    replicas: 1,
    podManagementPolicy: "OrderedReady",
    revisionHistoryLimit: 10,
    updateStrategy: { type: "RollingUpdate" },
    persistentVolumeClaimRetentionPolicy: {},
  });
  spec = change(spec, "updateStrategy", (strategy) => {
    const typed = fill(strategy, { type: "RollingUpdate" });
    if (typed.type !== "RollingUpdate") return typed;
    return change(fill(typed, { rollingUpdate: {} }), "rollingUpdate", (rolling) =>
      fill(rolling, { partition: 0, maxUnavailable: 1 }),
    );
  });
  spec = change(spec, "persistentVolumeClaimRetentionPolicy", (policy) =>
    fill(policy, { whenDeleted: "Retain", whenScaled: "Retain" }),
  );
  spec = change(spec, "volumeClaimTemplates", (claims) =>
    each(claims, (claim) =>
      fill(
        change(claim, "spec", claimDefaults),
        // As upstream's version shows a claim that is nowhere yet.
        { kind: "PersistentVolumeClaim", apiVersion: "v1", status: { phase: "Pending" } },
      ),
    ),
  );
  return change(spec, "template", podTemplateDefaults);
}

function strategy(errors: Errors, { updateStrategy }: V1StatefulSetSpec): void {
  const { type, rollingUpdate } = updateStrategy ?? {};
  const here = at.child("updateStrategy");
  const rolling = here.child("rollingUpdate");
  if (!type) errors.push(required(here));
  else if (type === "OnDelete") {
    if (rollingUpdate !== undefined)
      errors.push(
        invalid(rolling, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"),
      );
  } else if (type !== "RollingUpdate")
    errors.push(
      invalid(
        here,
        { Type: type, RollingUpdate: rollingUpdate ?? null },
        "must be 'RollingUpdate' or 'OnDelete'",
      ),
    );
  else if (rollingUpdate !== undefined) {
    notNegative(errors, rolling.child("partition"), rollingUpdate.partition);
    const { maxUnavailable } = rollingUpdate;
    if (maxUnavailable === undefined) return;
    const path = rolling.child("maxUnavailable");
    count(errors, path, maxUnavailable);
    if (countOf(maxUnavailable) === 0) errors.push(invalid(path, maxUnavailable, "cannot be 0"));
    notMoreThanAll(errors, path, maxUnavailable);
  }
}

const retentions = ["Retain", "Delete"];
const managements = ["OrderedReady", "Parallel"];

/** As upstream, what the template's Pod spec says is looked at when its Pods are made. */
function templateErrors(errors: Errors, { template: given }: V1StatefulSetSpec): void {
  const { metadata, spec = { containers: [] } } = given ?? {};
  labels(errors, template.child("labels"), metadata?.labels);
  if (metadata?.annotations !== undefined) {
    const path = template.child("annotations");
    errors.push(...validateAnnotations(metadata.annotations, path));
    podAnnotations(errors, path, metadata.annotations, spec);
  }
  if (spec.restartPolicy !== "Always")
    errors.push(
      unsupported(template.child("spec", "restartPolicy"), spec.restartPolicy ?? "", ["Always"]),
    );
  if (spec.activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden(
        template.child("spec", "activeDeadlineSeconds"),
        "activeDeadlineSeconds in StatefulSet is not Supported",
      ),
    );
}

function validate({ spec }: V1StatefulSet): readonly FieldError[] {
  const errors: Errors = [];
  if (spec === undefined) return [required(at.child("selector"))];
  const { podManagementPolicy: management, persistentVolumeClaimRetentionPolicy: policy } = spec;
  if (!management) errors.push(required(at.child("podManagementPolicy")));
  else if (!managements.includes(management))
    errors.push(
      invalid(at.child("podManagementPolicy"), management, "must be 'OrderedReady' or 'Parallel'"),
    );
  strategy(errors, spec);
  for (const when of ["whenDeleted", "whenScaled"] as const)
    if (policy !== undefined && !retentions.includes(policy[when] ?? ""))
      errors.push(
        unsupported(
          at.child("persistentVolumeClaimRetentionPolicy", when),
          policy[when] ?? "",
          retentions,
          "listed",
        ),
      );
  notNegative(errors, at.child("replicas"), spec.replicas);
  notNegative(errors, at.child("minReadySeconds"), spec.minReadySeconds);
  notNegative(errors, at.child("ordinals.start"), spec.ordinals?.start);
  selector(errors, spec.selector, "statefulset");
  matchesTemplate(errors, spec.selector, spec.template?.metadata?.labels);
  templateErrors(errors, spec);
  return errors;
}

const changeable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const;
const fixed = (spec: V1StatefulSetSpec | undefined): object =>
  Object.fromEntries(
    Object.entries(spec ?? {}).filter(([name]) => !changeable.includes(name as never)),
  );

export const statefulSet: Kind<V1StatefulSet> = {
  gvk: "apps/v1/StatefulSet",
  name: dns1123Label,
  defaults: (object) => change(object, "spec", specDefaults),
  prepareForCreate: (object) => ({
    ...withSupportedTemplate(object),
    status: { replicas: 0, availableReplicas: 0 },
  }),
  prepareForUpdate: withSupportedTemplate,
  validate,
  validateUpdate: ({ spec }, { spec: old }) =>
    equal(fixed(spec), fixed(old))
      ? []
      : [
          forbidden(
            at,
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
          ),
        ],
  validateStatusUpdate({ status }, previous) {
    const errors: Errors = [];
    const parts = [
      "readyReplicas",
      "currentReplicas",
      "updatedReplicas",
      "availableReplicas",
    ] as const;
    if (status !== undefined)
      statusCounts(
        errors,
        status,
        ["replicas", ...parts, "observedGeneration", "collisionCount"],
        parts,
        "status.readyReplicas",
      );
    notDecremented(errors, status, previous.status);
    return errors;
  },
  warnings(next, previous) {
    const claims = at.child("volumeClaimTemplates");
    const isNew = previous === undefined;
    return [
      ...workloadWarnings(next, previous, false),
      ...(next.spec?.volumeClaimTemplates ?? []).flatMap(({ spec }, i) =>
        claimWarnings(isNew ? claims.index(i) : claims.index(i).child("Spec"), spec),
      ),
      ...((next.spec?.revisionHistoryLimit ?? 0) < 0
        ? [
            "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
          ]
        : []),
    ];
  },
  columns: [
    nameColumn,
    column(
      "Ready",
      "string",
      "Number of the pod with ready state",
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    ageColumn,
    ...containerColumns<V1StatefulSet>(({ spec }) => spec?.template.spec?.containers),
  ],
  scale: scaled,
};
