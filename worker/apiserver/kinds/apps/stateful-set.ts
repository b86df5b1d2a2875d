/** StatefulSet. Upstream: pkg/registry/apps/statefulset/strategy.go, pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation. */
import type { V1StatefulSet, V1StatefulSetSpec } from "#apimachinery/api/apps-v1.ts";
import type { V1PodSpec, V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { ageColumn, column, containerColumns, nameColumn } from "#apiserver/kinds/columns.ts";
import { claimDefaults, claimSpec, claimWarnings } from "#apiserver/kinds/core/claim-spec.ts";
import { podAnnotations } from "#apiserver/kinds/core/pod-spec/annotations.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { withSupportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { podTemplate } from "#apiserver/kinds/core/pod-spec/validation.ts";
import { at as change, each, fill, without } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, named, notNegative } from "#apiserver/kinds/rules/rule.ts";
import { labels } from "#apiserver/kinds/rules/selector.ts";
import { validateAnnotations } from "#apiserver/object-meta.ts";
import {
  notDecremented,
  scaled,
  selection,
  spec as at,
  statusCounts,
  template,
  workloadWarnings,
} from "./workload.ts";

const rolling = { type: "RollingUpdate", rollingUpdate: {} };

function specDefaults(given: V1StatefulSetSpec): V1StatefulSetSpec {
  let spec = fill(given, {
    replicas: 1,
    podManagementPolicy: "OrderedReady",
    revisionHistoryLimit: 10,
    updateStrategy: rolling,
    persistentVolumeClaimRetentionPolicy: {},
  });
  spec = change(spec, "updateStrategy", (strategy) => {
    // A type that is given goes without how.
    const typed = strategy.type ? strategy : fill(strategy, rolling);
    if (typed.type !== "RollingUpdate") return typed;
    return change(typed, "rollingUpdate", (how) => fill(how, { partition: 0 }));
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
  const how = here.child("rollingUpdate");
  if (!type) errors.push(required(here));
  else if (type === "OnDelete") {
    if (rollingUpdate !== undefined)
      errors.push(invalid(how, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type !== "RollingUpdate")
    errors.push(
      invalid(
        here,
        { Type: type, RollingUpdate: rollingUpdate ?? null },
        "must be 'RollingUpdate' or 'OnDelete'",
      ),
    );
  else notNegative(errors, how.child("partition"), rollingUpdate?.partition);
}

const retentions = ["Retain", "Delete"];
const managements = ["OrderedReady", "Parallel"];

const noSpec: V1PodSpec = { containers: [] };

/** The template as its Pods come to be: with volumes of the claims, named and addressed by the controller. */
function podsTemplate(spec: V1StatefulSetSpec): V1PodTemplateSpec {
  const { template: given, volumeClaimTemplates: claims = [] } = spec;
  const { hostname, subdomain, volumes, ...rest } = given?.spec ?? noSpec;
  if (hostname === undefined && subdomain === undefined && claims.length === 0) return given ?? {};
  const names = new Set(claims.map(({ metadata }) => metadata?.name ?? ""));
  const made = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = (volumes ?? []).filter(({ name }) => !names.has(name));
  return { ...given, spec: { ...rest, volumes: [...made, ...others] } };
}

function metaErrors(errors: Errors, { template: given }: V1StatefulSetSpec): void {
  const { metadata, spec = noSpec } = given ?? {};
  labels(errors, template.child("labels"), metadata?.labels);
  if (metadata?.annotations === undefined) return;
  const path = template.child("annotations");
  errors.push(...validateAnnotations(metadata.annotations, path));
  podAnnotations(errors, path, metadata.annotations, spec);
}

interface Looking {
  /** The template's Pod as such. */
  readonly template: boolean;
  /** What can never change again: claims, the name of the Service. */
  readonly fixed: boolean;
}
function judged({ spec = {} as V1StatefulSetSpec }: V1StatefulSet, looking: Looking): Errors {
  const errors: Errors = [];
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
  if (looking.fixed)
    for (const [i, claim] of (spec.volumeClaimTemplates ?? []).entries())
      claimSpec(errors, at.child("volumeClaimTemplates").index(i).child("spec"), claim.spec ?? {});
  notNegative(errors, at.child("replicas"), spec.replicas);
  notNegative(errors, at.child("minReadySeconds"), spec.minReadySeconds);
  notNegative(errors, at.child("ordinals.start"), spec.ordinals?.start);
  if (looking.fixed && spec.serviceName)
    named(errors, at.child("serviceName"), spec.serviceName, dns1123Label);
  if (selection(errors, spec, { kind: "statefulset", unreadable: "" })) {
    if (looking.template) podTemplate(errors, template, podsTemplate(spec));
    metaErrors(errors, spec);
  }
  const { restartPolicy, activeDeadlineSeconds } = spec.template?.spec ?? noSpec;
  if (restartPolicy !== "Always")
    errors.push(
      unsupported(template.child("spec", "restartPolicy"), restartPolicy ?? "", ["Always"]),
    );
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden(
        template.child("spec", "activeDeadlineSeconds"),
        "activeDeadlineSeconds in StatefulSet is not Supported",
      ),
    );
  return errors;
}
const asNew: Looking = { template: true, fixed: true };
const asChanged: Looking = { template: true, fixed: false };
/** Templates were not looked at once: one that was wrong already may stay so. */
function judgedChange(next: V1StatefulSet, previous: V1StatefulSet): Errors {
  const errors = judged(next, asChanged);
  return errors.length === 0 || judged(previous, asChanged).length === 0
    ? errors
    : judged(next, { ...asChanged, template: false });
}

/** Off in this version: as many Pods of an update go at once as the partition says. */
function withoutMaxUnavailable(object: V1StatefulSet): V1StatefulSet {
  return change(object, "spec", (spec) =>
    change(spec, "updateStrategy", (how) =>
      change(how, "rollingUpdate", (given) => without(given, "maxUnavailable")),
    ),
  );
}
const kept = (object: V1StatefulSet): V1StatefulSet =>
  withoutMaxUnavailable(withSupportedTemplate(object));

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
    ...kept(object),
    status: { replicas: 0, availableReplicas: 0 },
  }),
  prepareForUpdate: kept,
  validateCreate: (object) => judged(object, asNew),
  validateUpdate: (next, previous) =>
    equal(fixed(next.spec), fixed(previous.spec))
      ? judgedChange(next, previous)
      : [
          ...judgedChange(next, previous),
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
