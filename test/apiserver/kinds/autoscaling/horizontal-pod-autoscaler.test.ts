/** HorizontalPodAutoscalers and PodDisruptionBudgets: defaults, faults, columns. */
import { expect, test } from "vitest";
import { horizontalPodAutoscaler } from "#apiserver/kinds/autoscaling/horizontal-pod-autoscaler.ts";
import { podDisruptionBudget } from "#apiserver/kinds/policy/pod-disruption-budget.ts";
import {
  cells,
  type Changes,
  changed,
  created,
  statusUpdated,
  updated,
} from "#test/support/kinds.ts";

const base: unknown = {
  metadata: { name: "a", namespace: "default" },
  spec: {
    maxReplicas: 3,
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
  },
};
test("defaults", () => {
  const { object, errors } = created(
    horizontalPodAutoscaler,
    changed(base, { "spec.behavior": { scaleDown: { stabilizationWindowSeconds: 5 } } }),
  );
  expect(errors).toEqual([]);
  expect(object.spec).toMatchObject({
    minReplicas: 1,
    metrics: [{ resource: { name: "cpu", target: { averageUtilization: 80 } } }],
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: "Max" },
      scaleDown: {
        selectPolicy: "Max",
        policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
      },
    },
  });
  expect(horizontalPodAutoscaler.defaults?.(object)).toBe(object);
  expect(cells(horizontalPodAutoscaler, object)).toMatchObject({
    Reference: "Deployment/web",
    Targets: "cpu: <unknown>/80%",
    MinPods: "1",
    MaxPods: 3,
    Replicas: 0,
  });
});

test.each<readonly [string, Changes, readonly string[]]>([
  [
    "numbers",
    { "spec.minReplicas": 0, "spec.maxReplicas": 0 },
    [
      "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
      "spec.maxReplicas: Required value: must be set and greater than 0",
    ],
  ],
  [
    "fewer than none",
    { "spec.maxReplicas": -1 },
    [
      "spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1",
      "spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`",
    ],
  ],
  [
    "a target of no group",
    { "spec.scaleTargetRef.apiVersion": "v1" },
    [`spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group`],
  ],
  [
    "the target that has none",
    { "spec.scaleTargetRef": { kind: "ReplicationController", name: "a" } },
    [],
  ],
  [
    "an object of too many groups, a container by a path",
    {
      "spec.metrics": [
        {
          type: "Object",
          object: {
            describedObject: { apiVersion: "a/b/c", kind: "A", name: "a" },
            metric: { name: "m" },
            target: { type: "Value", value: "1" },
          },
        },
        {
          type: "ContainerResource",
          containerResource: {
            name: "gpu",
            container: "A",
            target: { type: "Utilization", averageUtilization: 1 },
          },
        },
      ],
    },
    [
      `spec.metrics[0].object.describedObject.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c`,
      `spec.metrics[1].containerResource.name: Invalid value: "gpu": must be a standard resource type or fully qualified`,
      `spec.metrics[1].containerResource.name: Invalid value: "gpu": must be a standard resource for containers`,
      `spec.metrics[1].containerResource.container: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    ],
  ],
  [
    "at most less than at least",
    { "spec.minReplicas": 5 },
    ["spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`"],
  ],
  [
    "no target",
    { "spec.scaleTargetRef": { apiVersion: "apps/v1", kind: "", name: "a/b" } },
    [
      "spec.scaleTargetRef.kind: Required value",
      `spec.scaleTargetRef.name: Invalid value: "a/b": may not contain '/'`,
    ],
  ],
  [
    "metrics",
    {
      "spec.metrics": [
        { type: "Resource" },
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization" } } },
        {
          type: "Pods",
          pods: { metric: { name: "" }, target: { type: "Mean", averageValue: "0" } },
        },
      ],
    },
    [
      "spec.metrics[0].resource: Required value: must populate information for the given metric source",
      "spec.metrics[1].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
      "spec.metrics[2].pods.metric.name: Required value: must specify a metric name",
      `spec.metrics[2].pods.target.type: Invalid value: "Mean": must be either Utilization, Value, or AverageValue`,
      `spec.metrics[2].pods.target.averageValue: Invalid value: "0": must be positive`,
    ],
  ],
  [
    "behaviour",
    {
      "spec.behavior.scaleUp": {
        stabilizationWindowSeconds: 4000,
        policies: [{ type: "Some", value: 0, periodSeconds: 2000 }],
      },
    },
    [
      "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600",
      `spec.behavior.scaleUp.policies[0].type: Unsupported value: "Some": supported values: "Percent", "Pods"`,
      "spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero",
      "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 2000: must be less than or equal to 1800",
    ],
  ],
])("an autoscaler: %s", (_, changes, errors) => {
  expect(created(horizontalPodAutoscaler, changed(base, changes)).errors).toEqual(errors);
});

test.each<readonly [string, unknown, readonly string[]]>([
  ["nothing wrong", { minAvailable: "50%" }, []],
  [
    "both numbers",
    { minAvailable: 1, maxUnavailable: 1 },
    [
      `spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set`,
    ],
  ],
  [
    "more than all",
    { minAvailable: "101%" },
    [`spec.minAvailable: Invalid value: "101%": must not be greater than 100%`],
  ],
  [
    "a policy that does not exist",
    { unhealthyPodEvictionPolicy: "Maybe" },
    [
      `spec.unhealthyPodEvictionPolicy: Unsupported value: "Maybe": supported values: "AlwaysAllow", "IfHealthyBudget"`,
    ],
  ],
])("a budget: %s", (_, spec, errors) => {
  const made = created(podDisruptionBudget, { metadata: { name: "a" }, spec });
  expect(made.errors).toEqual(errors);
  expect(cells(podDisruptionBudget, made.object)).toMatchObject({ "Allowed Disruptions": 0 });
});

test("a target that was named without its group may stay so", () => {
  const target = { kind: "Deployment", name: "web" };
  const { object } = created(
    horizontalPodAutoscaler,
    changed(base, { "spec.scaleTargetRef": target }),
  );
  const more = changed(object, { "spec.maxReplicas": 4 });
  expect(updated(horizontalPodAutoscaler, object, more).errors).toEqual([]);
  const other = changed(object, { "spec.scaleTargetRef.kind": "ReplicaSet" });
  expect(updated(horizontalPodAutoscaler, object, other).errors).toEqual([
    `spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group`,
  ]);
});

test("a budget's conditions", () => {
  const { object } = created(podDisruptionBudget, { metadata: { name: "a" }, spec: {} });
  const status = { conditions: [{ type: "a", status: "Yes" }] };
  expect(statusUpdated(podDisruptionBudget, object, { ...object, status }).errors).toEqual([
    `status.conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"`,
    "status.conditions[0].lastTransitionTime: Required value",
    "status.conditions[0].reason: Required value",
  ]);
});
