/** ClusterRoles that gather the rules of others. Upstream: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go. */
import type { V1ClusterRole, V1PolicyRule } from "#apimachinery/api/rbac-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";

const kind = "rbac.authorization.k8s.io/v1/ClusterRole";

function reconcile(key: string, step: ControllerStep): Result {
  const roles = step.lister<V1ClusterRole>(kind);
  const role = roles.get(key);
  if (role?.aggregationRule === undefined) return done;
  const rules: V1PolicyRule[] = [];
  for (const labelSelector of role.aggregationRule.clusterRoleSelectors ?? []) {
    const selector = selectorOf(labelSelector) ?? [];
    const found = roles
      .list()
      .filter(({ metadata }) => metadata.name !== key && matches(selector, metadata.labels));
    for (const one of found.toSorted((a, b) =>
      (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1,
    )) {
      for (const rule of one.rules ?? [])
        if (!rules.some((other) => equal(other, rule))) rules.push(rule);
    }
  }
  if (!equal(rules, role.rules ?? []))
    step.client.patch<V1ClusterRole>({ kind, name: key }, (current) => ({ ...current, rules }));
  return done;
}

export const roleAggregation: Controller = {
  name: "clusterrole-aggregation-controller",
  account: "clusterrole-aggregation-controller",
  watches: kind,
  maps: {
    [kind]: ({ object }, listers) =>
      listers
        .lister<V1ClusterRole>(kind)
        .list()
        .filter(
          ({ aggregationRule }) =>
            aggregationRule?.clusterRoleSelectors?.some((one) =>
              matches(selectorOf(one) ?? [], object.metadata.labels),
            ) === true,
        )
        .map(({ metadata }) => metadata.name ?? ""),
  },
  reconcile,
};
