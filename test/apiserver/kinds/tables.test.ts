/** Rows of kubectl's tables, wide columns too. Upstream: pkg/printers/internalversion/printers_test.go. */
import { expect, test } from "vitest";
import { tableOf } from "#apiserver/front/table.ts";
import { kinds } from "#apiserver/kinds/registry.ts";
import { ageColumn, nameColumn } from "#apiserver/kinds/columns.ts";
import type { Json } from "#test/support/api.ts";

const nowMs = Date.parse("2026-01-02T00:00:00Z");
const template = {
  spec: {
    containers: [
      { name: "a", image: "one" },
      { name: "b", image: "two" },
    ],
  },
};
const selector = { matchLabels: { app: "web" } };

const shown = (gvk: string, given: Json): Json => {
  const kind = kinds.find((one) => one.gvk === gvk)!;
  const object = {
    ...given,
    metadata: { name: "x", creationTimestamp: "2026-01-01T00:00:00Z", ...given.metadata },
  };
  const options = { version: "v1", include: "None", nowMs, headers: true } as const;
  const asked = { kind, type: "", kindName: gvk } as never;
  return tableOf(asked, [object], {}, options);
};
/** Name → cell; wide ones begin with `+`. */
const row = (gvk: string, given: Json): Json => {
  const { columnDefinitions, rows } = shown(gvk, given);
  return Object.fromEntries(
    columnDefinitions.map(({ name, priority }: Json, i: number) => [
      priority === 0 ? name : `+${name}`,
      rows[0].cells[i],
    ]),
  );
};
const wide = { "+Containers": "a,b", "+Images": "one,two" };

test.each<[string, Json, Json]>([
  [
    "apps/v1/Deployment",
    {
      spec: { replicas: 5, template, selector },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
    },
    {
      Name: "x",
      Ready: "2/5",
      "Up-to-date": 3,
      Available: 1,
      Age: "24h",
      ...wide,
      "+Selector": "app=web",
    },
  ],
  [
    "apps/v1/ReplicaSet",
    { spec: { replicas: 5, template, selector }, status: { replicas: 4, readyReplicas: 2 } },
    { Name: "x", Desired: 5, Current: 4, Ready: 2, Age: "24h", ...wide, "+Selector": "app=web" },
  ],
  [
    "apps/v1/StatefulSet",
    { spec: { replicas: 5, template, selector }, status: { replicas: 4, readyReplicas: 2 } },
    { Name: "x", Ready: "2/5", Age: "24h", ...wide },
  ],
  [
    "apps/v1/DaemonSet",
    {
      spec: {
        template: { spec: { ...template.spec, nodeSelector: { b: "2", a: "1" } } },
        selector,
      },
      status: {
        desiredNumberScheduled: 5,
        currentNumberScheduled: 4,
        numberReady: 3,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      },
    },
    {
      Name: "x",
      Desired: 5,
      Current: 4,
      Ready: 3,
      "Up-to-date": 2,
      Available: 1,
      "Node Selector": "a=1,b=2",
      Age: "24h",
      ...wide,
      "+Selector": "app=web",
    },
  ],
  [
    "apps/v1/ControllerRevision",
    {
      metadata: {
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", controller: true },
        ],
      },
      revision: 3,
    },
    { Name: "x", Controller: "daemonset.apps/agent", Revision: 3, Age: "24h" },
  ],
  [
    "apps/v1/ControllerRevision",
    { revision: 1 },
    { Name: "x", Controller: "<none>", Revision: 1, Age: "24h" },
  ],
  [
    "v1/ReplicationController",
    {
      spec: { replicas: 5, template, selector: { app: "web" } },
      status: { replicas: 4, readyReplicas: 2 },
    },
    { Name: "x", Desired: 5, Current: 4, Ready: 2, Age: "24h", ...wide, "+Selector": "app=web" },
  ],
  [
    "batch/v1/Job",
    {
      spec: { completions: 3, template, selector },
      status: { succeeded: 1, startTime: "2026-01-01T23:58:30Z" },
    },
    {
      Name: "x",
      Status: "Running",
      Completions: "1/3",
      Duration: "90s",
      Age: "24h",
      ...wide,
      "+Selector": "app=web",
    },
  ],
  [
    "batch/v1/Job",
    {
      spec: { parallelism: 2, template },
      status: {
        startTime: "2026-01-01T00:00:00Z",
        completionTime: "2026-01-01T00:00:05Z",
        succeeded: 2,
        conditions: [{ type: "Complete", status: "True" }],
      },
    },
    {
      Name: "x",
      Status: "Complete",
      Completions: "2/1 of 2",
      Duration: "5s",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  [
    "batch/v1/Job",
    {
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
      spec: { suspend: true, template },
      status: { conditions: [{ type: "Suspended", status: "True" }] },
    },
    {
      Name: "x",
      Status: "Terminating",
      Completions: "0/1",
      Duration: "",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  [
    "batch/v1/CronJob",
    {
      spec: {
        schedule: "@hourly",
        timeZone: "Europe/Zurich",
        suspend: false,
        jobTemplate: { spec: { template } },
      },
      status: { active: [{}, {}], lastScheduleTime: "2026-01-01T23:00:00Z" },
    },
    {
      Name: "x",
      Schedule: "@hourly",
      Timezone: "Europe/Zurich",
      Suspend: "False",
      Active: 2,
      "Last Schedule": "60m",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  [
    "batch/v1/CronJob",
    { spec: { schedule: "@hourly", jobTemplate: { spec: { template } } } },
    {
      Name: "x",
      Schedule: "@hourly",
      Timezone: "<none>",
      Suspend: "<unset>",
      Active: 0,
      "Last Schedule": "<none>",
      Age: "24h",
      ...wide,
      "+Selector": "<none>",
    },
  ],
  ["v1/ServiceAccount", {}, { Name: "x", Secrets: 0, Age: "24h" }],
  ["v1/ServiceAccount", { secrets: [{ name: "a" }] }, { Name: "x", Secrets: 1, Age: "24h" }],
  [
    "v1/Secret",
    { type: "Opaque", data: { a: "", b: "" } },
    { Name: "x", Type: "Opaque", Data: 2, Age: "24h" },
  ],
  [
    "v1/ConfigMap",
    { data: { a: "" }, binaryData: { b: "", c: "" } },
    { Name: "x", Data: 3, Age: "24h" },
  ],
  [
    "v1/Namespace",
    { status: { phase: "Terminating" } },
    { Name: "x", Status: "Terminating", Age: "24h" },
  ],
  [
    "v1/Endpoints",
    {
      subsets: [
        { addresses: [{ ip: "1.1.1.1" }, { ip: "2.2.2.2" }], ports: [{ port: 80 }, { port: 81 }] },
      ],
    },
    { Name: "x", Endpoints: "1.1.1.1:80,2.2.2.2:80,1.1.1.1:81 + 1 more...", Age: "24h" },
  ],
  ["v1/Endpoints", {}, { Name: "x", Endpoints: "<none>", Age: "24h" }],
  [
    "v1/PodTemplate",
    { template: { ...template, metadata: { labels: { app: "web" } } } },
    { Name: "x", Containers: "a,b", Images: "one,two", "Pod Labels": "app=web" },
  ],
  [
    "v1/Event",
    {
      involvedObject: { kind: "Pod", name: "web", fieldPath: "spec.containers{a}" },
      type: "Normal",
      reason: "Pulled",
      message: " Container image \n",
      source: { component: "kubelet", host: "worker-1" },
      firstTimestamp: "2026-01-01T23:00:00Z",
      lastTimestamp: "2026-01-01T23:59:00Z",
      count: 3,
    },
    {
      "Last Seen": "60s",
      Type: "Normal",
      Reason: "Pulled",
      Object: "pod/web",
      "+Subobject": "spec.containers{a}",
      "+Source": "kubelet, worker-1",
      Message: "Container image",
      "+First Seen": "60m",
      "+Count": "3",
      "+Name": "x",
    },
  ],
  [
    "autoscaling/v2/HorizontalPodAutoscaler",
    {
      spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 9 },
      status: { currentReplicas: 4 },
    },
    {
      Name: "x",
      Reference: "Deployment/web",
      Targets: "<none>",
      MinPods: "<unset>",
      MaxPods: 9,
      Replicas: 4,
      Age: "24h",
    },
  ],
])("%s %#", (gvk, given, expected) => {
  expect(row(gvk, given)).toEqual(expected);
});

test.each([
  [
    "Succeeded",
    [
      {
        type: "Completed",
        status: "True",
        reason: "Succeeded",
        message: "The pod has completed successfully.",
      },
    ],
  ],
  ["Failed", [{ type: "Completed", status: "True", reason: "Failed", message: "The pod failed." }]],
  ["Running", undefined],
])("the row of a Pod that %s", (phase, conditions) => {
  const { rows } = shown("v1/Pod", { spec: { containers: [] }, status: { phase } });
  expect(rows[0].conditions).toEqual(conditions);
});

test.each(kinds.filter(({ columns }) => columns !== undefined).map(({ gvk }) => gvk))(
  "%s: types that tables know, columns with names of their own",
  (gvk) => {
    const { columns = [] } = kinds.find((one) => one.gvk === gvk)!;
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
    for (const { name, description } of columns) {
      if (name === "Name" && gvk !== "v1/Event") expect(description).toBe(nameColumn.description);
      if (name === "Age") expect(description).toBe(ageColumn.description);
    }
  },
);
