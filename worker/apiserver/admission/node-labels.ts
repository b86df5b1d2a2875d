/**
 * Which labels a kubelet may not touch on its Node: they would steer workloads to it.
 * Upstream: plugin/pkg/admission/noderestriction/admission.go getForbiddenLabels, kubelet/pkg/apis/well_known_labels.go.
 */
type Labels = Readonly<Record<string, string>>;

const restricted = "node-restriction.kubernetes.io";
const own = new Set([
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "node.kubernetes.io/instance-type",
  "beta.kubernetes.io/instance-type",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
]);
const ownNamespaces = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const projects = ["kubernetes.io", "k8s.io"];

const isWithin = (namespace: string, domains: readonly string[]): boolean =>
  domains.some((domain) => namespace === domain || namespace.endsWith(`.${domain}`));

function isForbidden(key: string): boolean {
  const slash = key.indexOf("/");
  const namespace = slash < 0 ? "" : key.slice(0, slash);
  if (isWithin(namespace, [restricted])) return true;
  return isWithin(namespace, projects) && !own.has(key) && !isWithin(namespace, ownNamespaces);
}

/** In order of their names. */
export function forbiddenLabels(next: Labels = {}, old: Labels = {}): readonly string[] {
  if (next === old) return [];
  return [...new Set([...Object.keys(next), ...Object.keys(old)])]
    .filter((key) => next[key] !== old[key] && isForbidden(key))
    .toSorted();
}
