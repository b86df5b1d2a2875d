/** What nobody may change: the objects without which some requests would find no place. Upstream: pkg/apis/flowcontrol/internalbootstrap. */
import type {
  V1FlowSchemaSpec,
  V1PolicyRulesWithSubjects,
  V1PriorityLevelConfigurationSpec,
} from "#apimachinery/api/flowcontrol-v1.ts";

const every = (...names: readonly string[]): V1PolicyRulesWithSubjects => ({
  subjects: names.map((name) => ({ kind: "Group", group: { name } })),
  resourceRules: [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true },
  ],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
});

export const mandatorySchemas: Readonly<Record<string, V1FlowSchemaSpec>> = {
  exempt: {
    priorityLevelConfiguration: { name: "exempt" },
    matchingPrecedence: 1,
    rules: [every("system:masters")],
  },
  "catch-all": {
    priorityLevelConfiguration: { name: "catch-all" },
    matchingPrecedence: 10_000,
    distinguisherMethod: { type: "ByUser" },
    rules: [every("system:unauthenticated", "system:authenticated")],
  },
};
/** Of `exempt` the shares may change. */
export const mandatoryLevels: Readonly<Record<string, V1PriorityLevelConfigurationSpec>> = {
  "catch-all": {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: 5,
      lendablePercent: 0,
      limitResponse: { type: "Reject" },
    },
  },
};
