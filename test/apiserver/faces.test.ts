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
