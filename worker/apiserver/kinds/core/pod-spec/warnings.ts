/** `Warning:` texts about Pod specs. Upstream: pkg/api/pod/warnings.go, pkg/api/node/util.go. */
import type {
  V1Affinity,
  V1Container,
  V1NodeSelectorTerm,
  V1Pod,
  V1PodAffinityTerm,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Volume,
} from "#apimachinery/api/core-v1.ts";
import { type FieldPath, root } from "#apimachinery/field.ts";
import { dns1123Label, labelValue } from "#apimachinery/names.ts";
import { claimWarnings } from "#apiserver/kinds/core/claim-spec.ts";
import { ipWarnings } from "#apiserver/kinds/rules/address.ts";
import { oldLabels, oldLabelWarnings } from "#apiserver/kinds/rules/old-labels.ts";
import { isWhole } from "#apiserver/kinds/rules/resource.ts";
import { equal } from "#apimachinery/equal.ts";
import { appArmor, seccompOfContainer, seccompOfPod } from "./annotations.ts";
import { overlaps } from "./overlaps.ts";
import { portWarnings } from "./port-warnings.ts";
import { appArmorOf } from "./profiles.ts";
import { eachContainer } from "./each-container.ts";

const json = JSON.stringify;
type Annotations = Readonly<Record<string, string>>;

const oldAnnotations: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod":
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls":
    'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls":
    'non-functional in v1.11+; use the "sysctls" field instead',
};
const oldVolumes: Readonly<Partial<Record<keyof V1Volume, string>>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};
/** Upstream spells one of them its own way. */
const shownVolumes: Readonly<Record<string, string>> = { storageos: "storageOS" };

export function termWarnings(
  at: FieldPath,
  term: V1NodeSelectorTerm,
  checkValues: boolean,
): readonly string[] {
  return (term.matchExpressions ?? []).flatMap(({ key, values = [] }, i) => {
    const here = at.child("matchExpressions").index(i);
    const old = oldLabels.get(key);
    return [
      ...(old === undefined ? [] : [`${here.child("key")}: ${key} is ${old}`]),
      ...(checkValues
        ? values.flatMap((value, j) =>
            labelValue(value).map(
              (problem) => `${here.child("values").index(j)}: ${value} is invalid, ${problem}`,
            ),
          )
        : []),
    ];
  });
}

const nullSelector = "a null labelSelector results in matching no pod";
const requiredTerms = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredTerms = "preferredDuringSchedulingIgnoredDuringExecution";
const withoutSelector = (at: FieldPath, { labelSelector }: V1PodAffinityTerm): readonly string[] =>
  labelSelector === undefined ? [`${at.child("labelSelector")}: ${nullSelector}`] : [];

function nodeTerms(at: FieldPath, { nodeAffinity }: V1Affinity): readonly string[] {
  const here = at.child("nodeAffinity");
  const terms = here.child(requiredTerms, "nodeSelectorTerms");
  return [
    ...(nodeAffinity?.[requiredTerms]?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      termWarnings(terms.index(i), term, false),
    ),
    ...(nodeAffinity?.[preferredTerms] ?? []).flatMap(({ preference }, i) =>
      termWarnings(here.child(preferredTerms).index(i).child("preference"), preference, true),
    ),
  ];
}
function podTerms(at: FieldPath, affinity: V1Affinity): readonly string[] {
  return (["podAffinity", "podAntiAffinity"] as const).flatMap((name) => [
    ...(affinity[name]?.[requiredTerms] ?? []).flatMap((term, i) =>
      withoutSelector(at.child(name, requiredTerms).index(i), term),
    ),
    ...(affinity[name]?.[preferredTerms] ?? []).flatMap(({ podAffinityTerm }, i) =>
      withoutSelector(
        at.child(name, preferredTerms).index(i).child("podAffinityTerm"),
        podAffinityTerm,
      ),
    ),
  ]);
}

function placement(at: FieldPath, spec: V1PodSpec): readonly string[] {
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) =>
      oldLabelWarnings(at.child("nodeSelector").key(key), key),
    ),
    ...(spec.affinity === undefined ? [] : nodeTerms(at.child("affinity"), spec.affinity)),
    ...(spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey, labelSelector }, i) => {
      const here = at.child("topologySpreadConstraints").index(i);
      const old = oldLabels.get(topologyKey);
      return [
        ...(old === undefined ? [] : [`${here.child("topologyKey")}: ${topologyKey} is ${old}`]),
        ...(labelSelector === undefined ? [`${here.child("labelSelector")}: ${nullSelector}`] : []),
      ];
    }),
  ];
}

function volumes(at: FieldPath, list: readonly V1Volume[]): readonly string[] {
  return list.flatMap((volume, i) => {
    const here = at.index(i);
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    return [
      ...Object.entries(oldVolumes).flatMap(([name, text]) =>
        volume[name as keyof V1Volume] === undefined
          ? []
          : [`${here.child(shownVolumes[name] ?? name)}: ${text}`],
      ),
      ...claimWarnings(here.child("ephemeral", "volumeClaimTemplate", "spec"), claim),
    ];
  });
}

/** The second and further of equal values. */
function again(values: readonly string[]): readonly number[] {
  return values.flatMap((value, i) => (values.indexOf(value) < i ? [i] : []));
}
function lists(at: FieldPath, { hostAliases = [], imagePullSecrets = [] }: V1PodSpec): string[] {
  const ips = hostAliases.map(({ ip }) => ip);
  const names = imagePullSecrets.map(({ name = "" }) => name);
  const alias = at.child("hostAliases");
  const secret = at.child("imagePullSecrets");
  return [
    ...again(ips).map((i) => `${alias.index(i).child("ip")}: duplicate ip ${json(ips[i])}`),
    ...again(names).map(
      (i) => `${secret.index(i).child("name")}: duplicate name ${json(names[i])}`,
    ),
    ...names.flatMap((name, i) =>
      name === "" ? [`${secret.index(i).child("name")}: invalid empty name ""`] : [],
    ),
  ];
}

const inBytes = ["memory", "ephemeral-storage"];
const fractional = (at: FieldPath, name: string, amount: string | undefined): readonly string[] =>
  amount === undefined || isWhole(amount)
    ? []
    : [`${at.key(name)}: fractional byte value ${json(amount)} is invalid, must be an integer`];

function variables(at: FieldPath, { env = [] }: V1Container): readonly string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = "", valueFrom }, i) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const reference = `$(${name})`;
    const isFine = valueFrom === undefined && value !== reference && value.includes(reference);
    return isFine
      ? []
      : [
          `${at.index(i)}: hides previous definition of ${json(name)}, which may be dropped when using apply`,
        ];
  });
}

const useAppArmor = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const isSameArmor = (spec: V1PodSpec, text: string): boolean =>
  spec.securityContext?.appArmorProfile !== undefined &&
  equal(spec.securityContext.appArmorProfile, appArmorOf(text));
const useSeccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';

interface Around {
  readonly spec: V1PodSpec;
  readonly annotations: Annotations;
  readonly annotationsAt: FieldPath;
  readonly isTemplate: boolean;
}
function container(at: FieldPath, one: V1Container, around: Around): readonly string[] {
  const { annotations, annotationsAt, spec, isTemplate } = around;
  const { securityContext, resources } = one;
  const marked = (prefix: string): boolean => annotations[prefix + one.name] !== undefined;
  const armor = annotations[appArmor + one.name];
  const isOldArmor =
    isTemplate &&
    armor !== undefined &&
    securityContext?.appArmorProfile === undefined &&
    !isSameArmor(spec, armor);
  return [
    ...(securityContext?.seccompProfile === undefined && marked(seccompOfContainer)
      ? [`${annotationsAt.key(seccompOfContainer + one.name)}: ${useSeccomp}`]
      : []),
    ...(isOldArmor ? [`${annotationsAt.key(appArmor + one.name)}: ${useAppArmor}`] : []),
    ...inBytes.flatMap((name) =>
      (["limits", "requests"] as const).flatMap((list) =>
        fractional(at.child("resources", list), name, resources?.[list]?.[name]),
      ),
    ),
    ...variables(at.child("env"), one),
  ];
}

/** `base`: where the spec and the metadata lie; the root of a Pod. */
function specWarnings(
  base: FieldPath,
  spec: V1PodSpec,
  annotations: Annotations,
): readonly string[] {
  const at = base.child("spec");
  const annotationsAt = base.child("metadata", "annotations");
  const around = { spec, annotations, annotationsAt, isTemplate: base !== root };
  const found = [
    ...placement(at, spec),
    ...Object.entries(oldAnnotations).flatMap(([key, text]) =>
      annotations[key] === undefined ? [] : [`${annotationsAt.key(key)}: ${text}`],
    ),
    ...volumes(at.child("volumes"), spec.volumes ?? []),
    ...overlaps(spec.volumes ?? []),
    ...lists(at, spec),
    ...inBytes.flatMap((name) => fractional(at.child("overhead"), name, spec.overhead?.[name])),
    ...(spec.securityContext?.seccompProfile === undefined &&
    annotations[seccompOfPod] !== undefined
      ? [`${annotationsAt.key(seccompOfPod)}: ${useSeccomp}`]
      : []),
  ];
  eachContainer(spec, at, (one, here) => found.push(...container(here, one, around)));
  found.push(...portWarnings(at, spec));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    found.push(
      `${at.child("terminationGracePeriodSeconds")}: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  if (spec.affinity !== undefined) found.push(...podTerms(at.child("affinity"), spec.affinity));
  found.push(
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((one, i) =>
      ipWarnings(at.child("dnsConfig", "nameservers").index(i), one),
    ),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, i) =>
      ipWarnings(at.child("hostAliases").index(i).child("ip"), ip),
    ),
  );
  return found;
}

const goList = (texts: readonly string[]): string => `[${texts.join(" ")}]`;
/** About a name that becomes a host's. */
export function hostnameWarnings(name: string | undefined, subject: string): readonly string[] {
  const problems = dns1123Label(name ?? "");
  return problems.length === 0
    ? []
    : [
        `metadata.name: this is used in ${subject}, which can result in surprising behavior; a DNS label is recommended: ${goList(problems)}`,
      ];
}
export const podNames = "Pod names and hostnames";

/**
 * Where the AppArmor annotations of a new Pod have become fields, or say nothing that is understood.
 * Differs: a Pod that says the same by annotation and by field is warned of it too, because the fields are all that
 * is left to look at.
 */
function armorWarnings({ metadata, spec }: V1Pod): readonly string[] {
  const { annotations } = metadata;
  const found: string[] = [];
  if (annotations === undefined || spec === undefined || spec.os?.name === "windows") return found;
  eachContainer(spec, root, ({ name, securityContext }) => {
    const key = appArmor + name;
    const text = annotations[key];
    if (text === undefined) return;
    const own = securityContext?.appArmorProfile;
    if (own === undefined ? !isSameArmor(spec, text) : equal(own, appArmorOf(text)))
      found.push(`metadata.annotations[${key}]: ${useAppArmor}`);
  });
  return found;
}

/** Upstream warns of new Pods alone. */
export const podWarnings = (pod: V1Pod): readonly string[] => {
  const { metadata, spec } = pod;
  return spec === undefined
    ? []
    : [
        ...armorWarnings(pod),
        ...hostnameWarnings(metadata.name, "the Pod's hostname"),
        ...specWarnings(root, spec, metadata.annotations ?? {}),
      ];
};

export const templateWarnings = (
  at: FieldPath,
  template: V1PodTemplateSpec | undefined,
): readonly string[] =>
  template?.spec === undefined
    ? []
    : specWarnings(at, template.spec, template.metadata?.annotations ?? {});
