/** What the server itself writes into a new Pod. Upstream: pkg/registry/core/pod/strategy.go PrepareForCreate, pkg/api/pod/util.go DropDisabledPodFields. */
import type {
  V1Affinity,
  V1Container,
  V1Pod,
  V1PodAffinityTerm,
  V1PodSpec,
  V1PodTemplateSpec,
  V1TopologySpreadConstraint,
  V1Volume,
} from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { at, each } from "#apiserver/kinds/fill.ts";

type Labels = Readonly<Record<string, string>>;

/** The selector with the Pod's own values of some labels. */
function merged(
  selector: V1LabelSelector,
  labels: Labels,
  keys: readonly string[] | undefined,
  operator: "In" | "NotIn",
): V1LabelSelector {
  const more = (keys ?? []).flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  return more.length === 0
    ? selector
    : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...more] };
}
type Keyed = Pick<V1PodAffinityTerm, "labelSelector" | "matchLabelKeys" | "mismatchLabelKeys">;
const withOwnLabels =
  (labels: Labels) =>
  <T extends Keyed>(term: T): T => {
    if (term.labelSelector === undefined) return term;
    const matched = merged(term.labelSelector, labels, term.matchLabelKeys, "In");
    const selector = merged(matched, labels, term.mismatchLabelKeys, "NotIn");
    return selector === term.labelSelector ? term : { ...term, labelSelector: selector };
  };

const requiredTerms = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredTerms = "preferredDuringSchedulingIgnoredDuringExecution";
function affinityWith(affinity: V1Affinity, labels: Labels): V1Affinity {
  let made = affinity;
  for (const name of ["podAffinity", "podAntiAffinity"] as const)
    made = at(made, name, (terms) => {
      const first = at(terms, requiredTerms, (list) => each(list, withOwnLabels(labels)));
      return at(first, preferredTerms, (list) =>
        each(list, (one) => at(one, "podAffinityTerm", withOwnLabels(labels))),
      );
    });
  return made;
}

/** matchLabelKeys stand for the Pod's own values: they become part of the selectors. */
export function withMatchLabelKeys(pod: V1Pod): V1Pod {
  const { spec, metadata } = pod;
  const labels = metadata.labels ?? {};
  if (spec?.affinity === undefined && spec?.topologySpreadConstraints === undefined) return pod;
  return at(pod, "spec", (given) => {
    const made = at(given, "affinity", (affinity) => affinityWith(affinity, labels));
    return at(made, "topologySpreadConstraints", (list) =>
      each(list, withOwnLabels(labels)<V1TopologySpreadConstraint>),
    );
  });
}

/** Sources of files that no cluster has unless it is told to. */
const disabledSources = ["clusterTrustBundle", "podCertificate"] as const;
const isDisabled = (volume: V1Volume): boolean =>
  volume.projected?.sources?.some((source) =>
    disabledSources.some((name) => source[name] !== undefined),
  ) === true;
function supportedVolume(volume: V1Volume): V1Volume {
  if (!isDisabled(volume)) return volume;
  return at(volume, "projected", (projected) =>
    at(projected, "sources", (sources) =>
      each(
        sources,
        ({ clusterTrustBundle: _bundle, podCertificate: _certificate, ...rest }) => rest,
      ),
    ),
  );
}
/** A lifecycle that said nothing else goes as a whole. */
function supportedContainer<C extends V1Container>(container: C): C {
  const { lifecycle, ...others } = container;
  if (lifecycle?.stopSignal === undefined) return container;
  const { stopSignal: _signal, ...kept } = lifecycle;
  return (Object.keys(kept).length === 0 ? others : { ...others, lifecycle: kept }) as C;
}

/**
 * Without the fields whose features are off by default in this release: PodGroups (schedulingGroup), stop
 * signals of containers, files with trust bundles and certificates.
 */
export function supported(spec: V1PodSpec): V1PodSpec {
  let made = spec;
  if (made.schedulingGroup !== undefined) {
    const { schedulingGroup: _group, ...rest } = made;
    made = rest;
  }
  made = at(made, "volumes", (list) => each(list, supportedVolume));
  made = at(made, "containers", (list) => each(list, supportedContainer));
  made = at(made, "initContainers", (list) => each(list, supportedContainer));
  return at(made, "ephemeralContainers", (list) => each(list, supportedContainer));
}
/** `supportedTemplate` of what makes Pods; the same object when there is nothing to take away. */
export const withSupportedTemplate = <T extends Templated>(object: T): T =>
  at<Templated, "spec">(object, "spec", (spec) => at(spec, "template", supportedTemplate)) as T;
interface Templated {
  readonly spec?: { readonly template?: V1PodTemplateSpec | undefined } | undefined;
}
export const supportedTemplate = (template: V1PodTemplateSpec): V1PodTemplateSpec =>
  at(template, "spec", supported);
