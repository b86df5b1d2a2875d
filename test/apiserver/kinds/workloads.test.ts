/** Workloads and Jobs: what is refused, what may change, what nobody says of them. */
import { describe, expect, test } from "vitest";
import type { KubeObject } from "#apimachinery/object.ts";
import {
  changeProblems,
  complete,
  kindOf,
  problems,
  statusProblems,
} from "#test/apiserver/kinds/problems.ts";

const apps = (kind: string): string => `apps/v1/${kind}`;
const job = "batch/v1/Job";
const cronJob = "batch/v1/CronJob";
const pod = { containers: [{ name: "a", image: "b" }] };
const template = { metadata: { labels: { app: "a" } }, spec: pod };
const selector = { matchLabels: { app: "a" } };
const workload = (over: object = {}): object => ({ spec: { selector, template, ...over } });
const labels = "`selector` does not match template `labels`";
const unreadable = { matchExpressions: [{ key: "app", operator: "In" }] };
const unreadableText =
  "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'";

describe("new workloads", () => {
  test.each<[string, string, object, readonly string[]]>([
    [
      "a Deployment that looks for nothing",
      apps("Deployment"),
      workload({ selector: undefined }),
      [
        "spec.selector: Required value",
        `spec.template.metadata.labels: Invalid value: {"app":"a"}: ${labels}`,
      ],
    ],
    [
      "a Deployment that looks for everything",
      apps("Deployment"),
      workload({ selector: {} }),
      ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    ],
    [
      "a Deployment whose selector cannot be read: its template is not looked at",
      apps("Deployment"),
      workload({ selector: unreadable, template: {} }),
      [
        unreadableText,
        'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"In"}]}: invalid label selector',
      ],
    ],
    [
      "a ReplicaSet without labels",
      apps("ReplicaSet"),
      workload({ template: { spec: pod } }),
      [`spec.template.metadata.labels: Invalid value: null: ${labels}`],
    ],
    [
      "a DaemonSet that looks for nothing",
      apps("DaemonSet"),
      workload({ selector: undefined }),
      [`spec.template.metadata.labels: Invalid value: {"app":"a"}: ${labels}`],
    ],
    [
      "a DaemonSet whose selector cannot be read",
      apps("DaemonSet"),
      workload({ selector: unreadable }),
      [unreadableText],
    ],
    [
      "a StatefulSet whose Pod, claims and Service are wrong",
      apps("StatefulSet"),
      workload({
        serviceName: "a.b",
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }],
        template: {
          ...template,
          spec: {
            hostname: "Not looked at",
            subdomain: "Not looked at",
            containers: [
              { name: "a", image: "", volumeMounts: [{ name: "data", mountPath: "/a" }] },
            ],
          },
        },
      }),
      [
        "spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required",
        "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value",
        'spec.serviceName: Invalid value: "a.b": must not contain dots',
        "spec.template.spec.containers[0].image: Required value",
      ],
    ],
    [
      "a ControllerRevision of nothing",
      apps("ControllerRevision"),
      { revision: -1 },
      [
        "revision: Invalid value: -1: must be greater than or equal to 0",
        "data: Required value: data is mandatory",
      ],
    ],
    [
      "a ControllerRevision of a list",
      apps("ControllerRevision"),
      { revision: 1, data: [] },
      ["data: Required value: data must be a valid JSON object"],
    ],
  ])("%s", (_, gvk, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
});

describe("changes", () => {
  test.each<[string, object, object, readonly string[]]>([
    [
      "its template",
      {},
      { template: { ...template, spec: { containers: [{ name: "a", image: "c" }] } } },
      [],
    ],
    [
      "a template that was wrong already",
      { template: { ...template, spec: { containers: [{ name: "a", image: "" }] } } },
      { replicas: 2, template: { ...template, spec: { containers: [{ name: "a", image: "" }] } } },
      [],
    ],
    [
      "a template that was right",
      {},
      { template: { ...template, spec: { containers: [{ name: "a", image: "" }] } } },
      ["spec.template.spec.containers[0].image: Required value"],
    ],
    [
      "its Service",
      {},
      { serviceName: "A" },
      [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    ],
  ])("of a StatefulSet: %s", (_, before, after, expected) => {
    expect(changeProblems(apps("StatefulSet"), workload(before), workload(after))).toEqual(
      expected,
    );
  });
});

test.each<[string, object, object]>([
  ["nothing", {}, { type: "RollingUpdate", rollingUpdate: { partition: 0 } }],
  ["a type", { type: "RollingUpdate" }, { type: "RollingUpdate" }],
  [
    "how",
    { type: "RollingUpdate", rollingUpdate: {} },
    { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
  ],
  ["by hand", { type: "OnDelete" }, { type: "OnDelete" }],
])("a StatefulSet that says %s of its updates", (_, updateStrategy, expected) => {
  const { spec } = complete(apps("StatefulSet"), workload({ updateStrategy })) as KubeObject & {
    spec: { updateStrategy: object };
  };
  expect(spec.updateStrategy).toEqual(expected);
});

const once = { ...pod, restartPolicy: "Never" };
const uid = "12345678-1234-1234-1234-123456789012";
const own = {
  "batch.kubernetes.io/controller-uid": uid,
  "batch.kubernetes.io/job-name": "x",
  "controller-uid": uid,
  "job-name": "x",
};
/** As the strategy makes it. */
const aJob = (over: object = {}, status: object = {}): object => ({
  metadata: { name: "x", uid },
  spec: {
    selector: { matchLabels: { "batch.kubernetes.io/controller-uid": uid } },
    template: { metadata: { labels: own }, spec: once },
    ...over,
  },
  status,
});
const indexed = { completionMode: "Indexed", completions: 3, parallelism: 3 };

describe("new Jobs", () => {
  test.each<[string, object, readonly string[]]>([
    ["as it is", {}, []],
    [
      "Pods of another Job",
      { template: { metadata: { labels: { ...own, "job-name": "y" } }, spec: once } },
      [
        `spec.template.metadata.labels[job-name]: Invalid value: ${JSON.stringify({ ...own, "job-name": "y" })}: must be 'x'`,
      ],
    ],
    [
      "its own selector, of other Pods",
      { manualSelector: true, selector: undefined },
      [
        "spec.selector: Required value",
        `spec.template.metadata.labels: Invalid value: ${JSON.stringify(own)}: ${labels}`,
      ],
    ],
    [
      "a manager",
      { managedBy: "a.example/b c" },
      [
        "spec.managedBy: Invalid value: \"b c\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
      ],
    ],
    [
      "a manager without a domain",
      { managedBy: "b" },
      [
        'spec.managedBy: Invalid value: "b": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    ],
    [
      "success of what is not counted",
      { successPolicy: { rules: [{ succeededCount: 1 }] } },
      [
        'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
      ],
    ],
    [
      "success of indexes that are not there",
      { ...indexed, successPolicy: { rules: [{ succeededCount: 2, succeededIndexes: "0-5" }] } },
      [
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-5": error parsing succeededIndexes: too large index: "5"',
        "spec.successPolicy.rules[0].succeededCount: Invalid value: 2: must be less than or equal to 0 (the number of indexes in the specified succeededIndexes field)",
      ],
    ],
    [
      "indexes in words",
      { ...indexed, successPolicy: { rules: [{ succeededIndexes: "0,1e0" }] } },
      [
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0,1e0": error parsing succeededIndexes: cannot convert string to integer for index: "1e0"',
      ],
    ],
  ])("%s", (_, over, expected) => {
    expect(problems(job, aJob(over))).toEqual(expected);
  });

  test("have their Pods' labels, the server's among them", () => {
    const { metadata } = complete(job, { spec: { template } });
    expect(metadata.labels).toEqual({ app: "a" });
    const kind = kindOf(job);
    const make = (given: object): KubeObject =>
      kind.prepareForCreate!(complete(job, given), { nowMs: 0 } as never);
    const made = { metadata: { name: "x", uid } };
    expect(make({ ...made, spec: { template } }).metadata.labels).toEqual({ app: "a", ...own });
    expect(make({ ...made, spec: { template: { spec: once } } }).metadata.labels).toEqual(own);
    const labelled = { metadata: { ...made.metadata, labels: { b: "c" } }, spec: { template } };
    expect(make(labelled).metadata.labels).toEqual({ b: "c" });
  });
});

const image = (name: string, cpu: string): object => ({
  metadata: { labels: own },
  spec: {
    ...once,
    nodeSelector: { disk: cpu },
    containers: [{ name: "a", image: name, resources: { requests: { cpu } } }],
  },
});
const held = { suspend: true };

describe("changes of Jobs", () => {
  test.each<[string, object, object, object, readonly RegExp[]]>([
    [
      "held, never begun: where and with what",
      held,
      {},
      { ...held, template: image("b", "2") },
      [],
    ],
    [
      "held again",
      held,
      { startTime: "2026-01-01T00:00:00Z", conditions: [{ type: "Suspended", status: "True" }] },
      { ...held, template: image("b", "2") },
      [],
    ],
    [
      "held, but Pods are still there",
      held,
      { active: 1 },
      { ...held, template: image("b", "2") },
      [/^spec\.template: Invalid value: .*: field is immutable$/],
    ],
    [
      "held: another image",
      held,
      {},
      { ...held, template: image("c", "1") },
      [/^spec\.template\.spec: Invalid value: .*: field is immutable$/],
    ],
    [
      "held: without its labels",
      held,
      {},
      { ...held, template: { spec: once }, manualSelector: false },
      [
        /^spec\.template\.metadata\.labels\[controller-uid\]: Required value: must be /,
        /^spec\.template\.metadata\.labels\[job-name\]: Required value: must be 'x'$/,
        /^spec\.template\.metadata\.labels\[batch.kubernetes.io\/controller-uid\]: Required value/,
        /^spec\.template\.metadata\.labels\[batch.kubernetes.io\/job-name\]: Required value/,
        /^spec\.template\.metadata\.labels: Invalid value: null: `selector` does not match/,
      ],
    ],
  ])("%s", (_, before, status, after, expected) => {
    const old = aJob({ template: image("b", "1"), ...before }, status);
    const found = changeProblems(job, old, aJob(after));
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });
});

describe("what becomes of Jobs", () => {
  const start = "2026-01-01T00:00:00Z";
  const end = "2026-01-01T00:01:00Z";
  const on = (...types: readonly string[]): object => ({
    conditions: types.map((type) => ({ type, status: "True" })),
  });
  const done = { ...on("SuccessCriteriaMet", "Complete"), startTime: start, completionTime: end };
  test.each<[string, object, object, object, readonly string[]]>([
    ["done", {}, {}, done, []],
    [
      "done too soon",
      {},
      {},
      { ...on("Complete"), active: 1, uncountedTerminatedPods: { succeeded: ["a"] } },
      [
        "status.completionTime: Required value: completionTime is required for Complete jobs",
        "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
        "status.active: Invalid value: 1: active>0 is invalid for finished job",
        "status.startTime: Required value: startTime is required for finished job",
        'status.uncountedTerminatedPods: Invalid value: {"Succeeded":["a"],"Failed":null}: must be empty for finished job',
      ],
    ],
    [
      "failed for no reason",
      {},
      { failed: 2 },
      { ...on("Failed"), failed: 1, startTime: start },
      [
        "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition",
        "status.failed: Invalid value: 1: cannot decrease the failed counter",
      ],
    ],
    [
      "both",
      {},
      {},
      {
        ...on("SuccessCriteriaMet", "Complete", "FailureTarget", "Failed"),
        startTime: start,
        completionTime: end,
      },
      [
        "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
        "status.conditions: Invalid value: cannot set Complete=True and FailureTarget=true conditions",
        "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions",
        "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
      ],
    ],
    [
      "done no more",
      {},
      done,
      { startTime: end, completionTime: start },
      [
        'status.completionTime: Invalid value: "2026-01-01T00:00:00Z": cannot set completionTime when there is no Complete=True condition',
        'status.completionTime: Invalid value: "2026-01-01T00:00:00Z": must be equal to or after `startTime`',
        "status.conditions: Invalid value: cannot disable the terminal Complete=True condition",
        'status.completionTime: Invalid value: "2026-01-01T00:00:00Z": field is immutable',
        'status.startTime: Invalid value: "2026-01-01T00:01:00Z": field is immutable for unsuspended job once set',
        "status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition",
      ],
    ],
    ["what was wrong already", {}, on("Complete"), { ...on("Complete"), ready: 0 }, []],
    [
      "more ready than there are",
      {},
      {},
      { ready: 2, active: 1 },
      ["status.ready: Invalid value: 2: cannot set more ready pods than active"],
    ],
    [
      "indexes of a Job without",
      {},
      {},
      { completedIndexes: "0", failedIndexes: "0" },
      [
        'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
        'status.failedIndexes: Invalid value: "0": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
        'status.failedIndexes: Invalid value: "0": failedIndexes and completedIndexes overlap at index: 0',
      ],
    ],
    [
      "indexes in both",
      { ...indexed, backoffLimitPerIndex: 1 },
      {},
      { completedIndexes: "0-1", failedIndexes: "1,7" },
      [
        'status.failedIndexes: Invalid value: "1,7": error parsing failedIndexes: too large index: "7"',
        'status.failedIndexes: Invalid value: "1,7": failedIndexes and completedIndexes overlap at index: 1',
      ],
    ],
  ])("%s", (_, over, before, after, expected) => {
    expect(statusProblems(job, aJob(over, before), after)).toEqual(expected);
  });
});

describe("CronJobs", () => {
  const cron = (over: object): object => ({
    spec: { schedule: "@hourly", jobTemplate: { spec: { template: { spec: once } } }, ...over },
  });
  const here = "spec.timeZone: Invalid value:";
  test.each<[string, object, readonly string[]]>([
    ["in a zone", { timeZone: "Europe/Zurich" }, []],
    ["in the zone of everybody", { timeZone: "Etc/UTC" }, []],
    ["in no zone", { timeZone: "" }, [`${here} "": timeZone must be nil or non-empty string`]],
    [
      "in a zone by another name",
      { timeZone: "europe/zurich" },
      [`${here} "europe/zurich": unknown time zone europe/zurich`],
    ],
    [
      "here",
      { timeZone: "Local" },
      [
        `${here} "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones`,
      ],
    ],
    [
      "in the order upstream looks",
      {
        startingDeadlineSeconds: -1,
        timeZone: "Mars",
        concurrencyPolicy: "Maybe",
        failedJobsHistoryLimit: -1,
      },
      [
        "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
        `${here} "Mars": unknown time zone Mars`,
        'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
        "spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
      ],
    ],
  ])("%s", (_, over, expected) => {
    expect(problems(cronJob, cron(over))).toEqual(expected);
  });

  test("warn of what cannot be followed", () => {
    const huge = { completionMode: "Indexed", completions: 100_001, parallelism: 10_001 };
    const given = complete(
      cronJob,
      cron({
        schedule: "TZ=UTC @hourly",
        jobTemplate: { spec: { ...huge, template: { spec: once } } },
      }),
    );
    const warnings = kindOf(cronJob).warnings!;
    expect(warnings(given)).toEqual([
      "spec.jobTemplate.spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail",
    ]);
    expect(warnings(given, given)).toEqual([
      "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
    ]);
  });
});

test("a name for its Pods", () => {
  expect(problems(job, { ...aJob(indexed), metadata: { name: "x.y", uid } }).at(-1)).toBe(
    'metadata.name: Invalid value: "x.y": will not able to create pod with invalid DNS label: x.y-2',
  );
});

test("a Deployment's annotations are its ReplicaSets': a new generation", () => {
  const { specChanged } = kindOf(apps("Deployment"));
  const before = complete(apps("Deployment"), workload());
  const annotated = { ...before, metadata: { ...before.metadata, annotations: { a: "b" } } };
  const labelled = { ...before, metadata: { ...before.metadata, labels: { a: "b" } } };
  expect(specChanged!(annotated, before)).toBe(true);
  expect(specChanged!(labelled, before)).toBe(false);
});
