/**
 * Which requests share what, as every API server writes it: the mandatory and the suggested objects of API priority
 * and fairness. Upstream: apiserver/pkg/apis/flowcontrol/bootstrap/default.go.
 * Differs: nobody queues here, because the cluster handles one request at a time; the objects are served all the same.
 */
import type {
  V1FlowSchema,
  V1PolicyRulesWithSubjects,
  V1PriorityLevelConfiguration,
  V1PriorityLevelConfigurationSpec,
  V1ResourcePolicyRule,
  V1Subject,
} from "#apimachinery/api/flowcontrol-v1.ts";

const apiVersion = "flowcontrol.apiserver.k8s.io/v1";
/** The API server keeps the object as it wants it: controllers/flow-control-ensurer.ts. */
const annotations = { "apf.kubernetes.io/autoupdate-spec": "true" };

const level = (
  name: string,
  spec: V1PriorityLevelConfigurationSpec,
): V1PriorityLevelConfiguration => ({
  apiVersion,
  kind: "PriorityLevelConfiguration",
  metadata: { name, annotations },
  spec,
});
interface Queued {
  readonly shares: number;
  readonly lendable: number;
  readonly queues: number;
  readonly handSize: number;
}
const queued = (
  name: string,
  { shares, lendable, queues, handSize }: Queued,
): V1PriorityLevelConfiguration =>
  level(name, {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: shares,
      lendablePercent: lendable,
      limitResponse: { type: "Queue", queuing: { queues, handSize, queueLengthLimit: 50 } },
    },
  });

const levels: readonly V1PriorityLevelConfiguration[] = [
  queued("system", { shares: 30, lendable: 33, queues: 64, handSize: 6 }),
  queued("node-high", { shares: 40, lendable: 25, queues: 64, handSize: 6 }),
  queued("leader-election", { shares: 10, lendable: 0, queues: 16, handSize: 4 }),
  queued("workload-high", { shares: 40, lendable: 50, queues: 128, handSize: 6 }),
  queued("workload-low", { shares: 100, lendable: 90, queues: 128, handSize: 6 }),
  queued("global-default", { shares: 20, lendable: 50, queues: 128, handSize: 6 }),
  level("exempt", {
    type: "Exempt",
    exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 },
  }),
  level("catch-all", {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: 5,
      lendablePercent: 0,
      limitResponse: { type: "Reject" },
    },
  }),
];

const groups = (...names: readonly string[]): V1Subject[] =>
  names.map((name) => ({ kind: "Group", group: { name } }));
const users = (...names: readonly string[]): V1Subject[] =>
  names.map((name) => ({ kind: "User", user: { name } }));
const systemAccounts: readonly V1Subject[] = [
  { kind: "ServiceAccount", serviceAccount: { name: "*", namespace: "kube-system" } },
];
const everybody = groups("system:unauthenticated", "system:authenticated");

const resources = (
  verbs: readonly string[],
  group: string,
  names: readonly string[],
  clusterScope: boolean,
): V1ResourcePolicyRule => ({
  verbs,
  apiGroups: [group],
  resources: names,
  namespaces: ["*"],
  ...(clusterScope ? { clusterScope } : {}),
});
const everything = (subjects: readonly V1Subject[]): V1PolicyRulesWithSubjects => ({
  subjects,
  resourceRules: [resources(["*"], "*", ["*"], true)],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
});

type Method = "ByUser" | "ByNamespace" | undefined;
const schema = (
  name: string,
  of: readonly [level: string, precedence: number, method: Method],
  rule: V1PolicyRulesWithSubjects,
): V1FlowSchema => {
  const [priority, matchingPrecedence, type] = of;
  return {
    apiVersion,
    kind: "FlowSchema",
    metadata: { name, annotations },
    spec: {
      priorityLevelConfiguration: { name: priority },
      matchingPrecedence,
      ...(type === undefined ? {} : { distinguisherMethod: { type } }),
      rules: [rule],
    },
  };
};

const leases = (verbs: readonly string[]): V1ResourcePolicyRule =>
  resources(verbs, "coordination.k8s.io", ["leases"], false);

const schemas: readonly V1FlowSchema[] = [
  schema("system-nodes", ["system", 500, "ByUser"], everything(groups("system:nodes"))),
  schema("system-node-high", ["node-high", 400, "ByUser"], {
    subjects: groups("system:nodes"),
    resourceRules: [resources(["*"], "", ["nodes", "nodes/status"], true), leases(["*"])],
  }),
  schema("probes", ["exempt", 2, undefined], {
    subjects: everybody,
    nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
  }),
  schema("system-leader-election", ["leader-election", 100, "ByUser"], {
    subjects: [
      ...users("system:kube-controller-manager", "system:kube-scheduler"),
      ...systemAccounts,
    ],
    resourceRules: [leases(["get", "create", "update"])],
  }),
  schema(
    "kube-controller-manager",
    ["workload-high", 800, "ByNamespace"],
    everything(users("system:kube-controller-manager")),
  ),
  schema(
    "kube-scheduler",
    ["workload-high", 800, "ByNamespace"],
    everything(users("system:kube-scheduler")),
  ),
  schema(
    "kube-system-service-accounts",
    ["workload-high", 900, "ByNamespace"],
    everything(systemAccounts),
  ),
  schema(
    "service-accounts",
    ["workload-low", 9000, "ByUser"],
    everything(groups("system:serviceaccounts")),
  ),
  schema("global-default", ["global-default", 9900, "ByUser"], everything(everybody)),
  schema("exempt", ["exempt", 1, undefined], everything(groups("system:masters"))),
  schema("catch-all", ["catch-all", 10_000, "ByUser"], everything(everybody)),
];

/** Levels first: schemas name them. */
export const flowControl: readonly (V1FlowSchema | V1PriorityLevelConfiguration)[] = [
  ...levels,
  ...schemas,
];
