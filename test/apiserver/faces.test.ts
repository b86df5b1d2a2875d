/** Objects by their second faces: selected, shown and refused as upstream does. */
import { beforeAll, describe, expect, test } from "vitest";
import { newApi } from "#test/support/api.ts";

const api = await newApi();
const core = "/api/v1/namespaces/default/events";
const events = "/apis/events.k8s.io/v1/namespaces/default/events";
const table = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
const told = {
  metadata: { name: "told" },
  eventTime: "2026-01-01T00:00:00.000000Z",
  regarding: { kind: "Pod", namespace: "default", name: "web" },
  reportingController: "example.com/me",
  reportingInstance: "me-1",
  action: "Look",
  reason: "Seen",
  note: "all is well",
  type: "Normal",
};

beforeAll(async () => {
  await api.request("POST", events, told);
});

describe("an event", () => {
  test.each<[string, string]>([
    ["regarding.name%3Dweb", "told"],
    ["reportingController%3Dexample.com%2Fme,reason%3DSeen", "told"],
    ["regarding.name%3Dother", ""],
  ])("is found by %s", async (selector, name) => {
    const { items } = await api.get(`${events}?fieldSelector=${selector}`);
    expect(items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).join()).toBe(
      name,
    );
  });
  test("has each face's own fields", async () => {
    const { code, body } = await api.request(
      "GET",
      `${events}?fieldSelector=involvedObject.name%3Dweb`,
    );
    expect([code, body.message]).toEqual([400, "field label not supported: involvedObject.name"]);
  });
  test("shows the same columns by both", async () => {
    const shown = async (path: string): Promise<unknown[]> => {
      const { columnDefinitions, rows } = await api.get(`${path}/told`, table);
      return [columnDefinitions, rows[0].cells.slice(1, 4)];
    };
    expect(await shown(events)).toEqual(await shown(core));
    expect((await shown(events))[1]).toEqual(["Normal", "Seen", "pod/web"]);
  });
  test("must say more when it is new", async () => {
    const { body } = await api.request("POST", events, {
      metadata: { name: "x" },
      regarding: { namespace: "default" },
      deprecatedCount: 3,
      type: "Odd",
      series: { count: 1, lastObservedTime: "2026-01-01T00:00:00.000000Z" },
    });
    expect(
      body.details.causes.map(
        ({ field, message }: { field: string; message: string }) => `${field}: ${message}`,
      ),
    ).toEqual([
      'series.count: Invalid value: "": should be at least 2',
      "eventTime: Required value",
      'type: Invalid value: "": has invalid value: Odd',
      'count: Invalid value: "": needs to be unset',
    ]);
  });
});

test("an autoscaler shows the same columns by both versions", async () => {
  const path = (version: string): string =>
    `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  await api.request("POST", path("v2"), {
    metadata: { name: "web" },
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    },
  });
  const columns = async (version: string): Promise<string[]> =>
    (await api.get(path(version), table)).columnDefinitions.map(
      ({ name }: { name: string }) => name,
    );
  expect(await columns("v1")).toEqual(await columns("v2"));
});

describe("an event that changes", () => {
  const changes: readonly (readonly [string, object, readonly string[]])[] = [
    ["its series", { series: { count: 2, lastObservedTime: "2026-01-01T00:00:09.000000Z" } }, []],
    [
      "its series to too little",
      { series: { count: 1 } },
      [
        'series.count: Invalid value: "": should be at least 2',
        "series.lastObservedTime: Required value",
      ],
    ],
    ["its time by less than a microsecond", { eventTime: "2026-01-01T00:00:00.0000009Z" }, []],
    [
      "what it says",
      { note: "not well", action: "Run", regarding: { ...told.regarding, name: "api" } },
      [
        'involvedObject: Invalid value: {"kind":"Pod","namespace":"default","name":"api"}: field is immutable',
        'message: Invalid value: "not well": field is immutable',
        'action: Invalid value: "Run": field is immutable',
      ],
    ],
  ];
  test.each(changes)("%s", async (_, change, errors) => {
    const { code, body } = await api.request("PUT", `${events}/told?dryRun=All`, {
      ...told,
      ...change,
    });
    const causes = (body.details?.causes ?? []) as { field: string; message: string }[];
    expect([code, causes.map(({ field, message }) => `${field}: ${message}`)]).toEqual([
      errors.length === 0 ? 200 : 422,
      errors,
    ]);
  });
  test("may do so by core/v1", async () => {
    const live = await api.get(`${core}/told`);
    const { code } = await api.request("PUT", `${core}/told?dryRun=All`, { ...live, message: "x" });
    expect(code).toBe(200);
  });
});

test.each<[string, object, readonly string[]]>([
  [
    "about another namespace",
    { involvedObject: { kind: "Pod", namespace: "kube-system", name: "a" } },
    ['involvedObject.namespace: Invalid value: "kube-system": does not match event.namespace'],
  ],
  ["about what has none", { involvedObject: { kind: "Node", name: "a" } }, []],
  [
    "of the new sort",
    { involvedObject: { kind: "Node", name: "a" }, eventTime: "2026-01-01T00:00:00.000000Z" },
    [
      "reportingComponent: Required value",
      'reportingComponent: Invalid value: "": name part must be non-empty',
      "reportingComponent: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      "reportingInstance: Required value",
      "action: Required value",
      "reason: Required value",
    ],
  ],
])("an event of core/v1 %s", async (_, more, errors) => {
  const { code, body } = await api.request("POST", `${core}?dryRun=All`, {
    metadata: { name: "plain" },
    ...more,
  });
  const causes = (body.details?.causes ?? []) as { field: string; message: string }[];
  expect([code, causes.map(({ field, message }) => `${field}: ${message}`)]).toEqual([
    errors.length === 0 ? 201 : 422,
    errors,
  ]);
});

describe("what an autoscaler says in v2 alone", () => {
  const path = (version: string): string =>
    `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  const carried = (name: string): string => `autoscaling.alpha.kubernetes.io/${name}`;
  const selector = { matchLabels: { app: "web" } };
  const describedObject = { apiVersion: "v1", kind: "Service", name: "web" };
  const metrics = [
    {
      type: "Object",
      object: {
        describedObject,
        metric: { name: "hits", selector },
        target: { type: "Value", value: "10" },
      },
    },
    {
      type: "Pods",
      pods: { metric: { name: "lag" }, target: { type: "AverageValue", averageValue: "1k" } },
    },
    {
      type: "External",
      external: { metric: { name: "queue", selector }, target: { type: "Value", value: "30" } },
    },
    {
      type: "ContainerResource",
      containerResource: {
        name: "cpu",
        container: "web",
        target: { type: "Utilization", averageUtilization: 60 },
      },
    },
    {
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
    },
  ];
  const policies = [{ type: "Pods", value: 1, periodSeconds: 30 }];
  const scaleDown = { stabilizationWindowSeconds: 60, selectPolicy: "Min", policies };

  test("goes along in annotations of v1, and comes back", async () => {
    await api.request("POST", path("v2"), {
      metadata: { name: "rich", annotations: { own: "stays" } },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        metrics,
        behavior: { scaleDown },
      },
    });
    const status = {
      desiredReplicas: 2,
      currentReplicas: 1,
      currentMetrics: [
        {
          type: "Resource",
          resource: { name: "cpu", current: { averageUtilization: 40, averageValue: "400m" } },
        },
      ],
      conditions: [
        { type: "AbleToScale", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
      ],
    };
    const merge = { "content-type": "application/merge-patch+json" };
    await api.request("PATCH", `${path("v2")}/rich/status`, { status }, merge);
    const stored = await api.get(`${path("v2")}/rich`);
    expect(stored).toMatchObject({ spec: { metrics, behavior: { scaleDown } }, status });

    const plain = await api.get(`${path("v1")}/rich`);
    expect(plain.spec).toEqual({
      maxReplicas: 3,
      minReplicas: 1,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      targetCPUUtilizationPercentage: 50,
    });
    expect(plain.status).toEqual({
      currentReplicas: 1,
      desiredReplicas: 2,
      currentCPUUtilizationPercentage: 40,
    });
    const { annotations } = plain.metadata;
    const read = (name: string): unknown => JSON.parse(annotations[carried(name)]);
    expect([annotations["own"], read("metrics"), read("current-metrics")]).toEqual([
      "stays",
      [
        {
          type: "Object",
          object: { target: describedObject, metricName: "hits", selector, targetValue: "10" },
        },
        { type: "Pods", pods: { metricName: "lag", targetAverageValue: "1k" } },
        {
          type: "External",
          external: { metricName: "queue", metricSelector: selector, targetValue: "30" },
        },
        {
          type: "ContainerResource",
          containerResource: { name: "cpu", targetAverageUtilization: 60, container: "web" },
        },
      ],
      [
        {
          type: "Resource",
          resource: { name: "cpu", currentAverageUtilization: 40, currentAverageValue: "400m" },
        },
      ],
    ]);
    expect(read("conditions")).toEqual(status.conditions);
    expect(read("behavior")).toMatchObject({
      ScaleDown: {
        StabilizationWindowSeconds: 60,
        SelectPolicy: "Min",
        Policies: [{ Type: "Pods", Value: 1, PeriodSeconds: 30 }],
        Tolerance: null,
      },
    });

    // Written back by v1 it is what it was: no revision.
    const { code, body } = await api.request("PUT", `${path("v1")}/rich`, plain);
    expect([code, body.metadata.resourceVersion]).toEqual([200, stored.metadata.resourceVersion]);
    expect(await api.get(`${path("v2")}/rich`)).toEqual(stored);
  });

  test.each(["{", "[1]", '[{"type":"Pods","pods":null}]', '[{"type":7}]', '"x"', "null"])(
    "is left out when it is %s",
    async (text) => {
      const annotations = Object.fromEntries(
        ["metrics", "current-metrics", "conditions", "behavior"].map((name) => [
          carried(name),
          text,
        ]),
      );
      const { code, body } = await api.request("POST", `${path("v1")}?dryRun=All`, {
        metadata: { name: "odd", annotations },
        spec: {
          maxReplicas: 3,
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        },
      });
      expect([code, body.spec.targetCPUUtilizationPercentage]).toEqual([201, 80]);
      expect(body.metadata.annotations).toBeUndefined();
    },
  );
});
