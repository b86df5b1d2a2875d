/** Bodies of another kind than their path's, for built-in and custom kinds, by every verb: upstream's answers. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
const maps = "/api/v1/namespaces/default/configmaps";
const scalers = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const bells = "/apis/example.com/v1/namespaces/default/bells";
const merge = { "content-type": "application/merge-patch+json" };
const strategic = { "content-type": "application/strategic-merge-patch+json" };
const apply = { "content-type": "application/apply-patch+yaml" };
const legacy = 'in scheme "pkg/api/legacyscheme/scheme.go:30"';
const metadata = { name: "a" };

beforeAll(async () => {
  const schema = { openAPIV3Schema: { type: "object" } };
  await api.request("POST", crds, {
    metadata: { name: "bells.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "bells", kind: "Bell" },
      versions: [
        { name: "v1", served: true, storage: true, schema },
        { name: "v2", served: true, storage: false, schema },
      ],
    },
  });
  await api.advance("1s");
  await api.request("POST", maps, { metadata });
  await api.request("POST", bells, { apiVersion: "example.com/v1", kind: "Bell", metadata });
});

describe("a body", () => {
  test.each<[string, string, Json, number, string]>([
    [
      "of a kind that nobody knows",
      maps,
      { apiVersion: "v1", kind: "Nosuch" },
      400,
      `Nosuch in version "v1" cannot be handled as a ConfigMap: no kind "Nosuch" is registered for version "v1" ${legacy}`,
    ],
    [
      "of a version that nobody knows",
      maps,
      { apiVersion: "apps/v1" },
      400,
      `ConfigMap in version "v1" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "apps/v1" ${legacy}`,
    ],
    [
      "of another kind",
      maps,
      { apiVersion: "apps/v1", kind: "Deployment" },
      400,
      'Deployment in version "v1" cannot be handled as a ConfigMap: converting (v1.Deployment) to (core.ConfigMap): unknown conversion',
    ],
    [
      "of a list",
      maps,
      { apiVersion: "v1", kind: "ConfigMapList" },
      400,
      'ConfigMapList in version "v1" cannot be handled as a ConfigMap: converting (v1.ConfigMapList) to (core.ConfigMap): unknown conversion',
    ],
    [
      "of a custom kind",
      maps,
      { apiVersion: "example.com/v1", kind: "Bell" },
      400,
      `Bell in version "v1" cannot be handled as a ConfigMap: no kind "Bell" is registered for version "example.com/v1" ${legacy}`,
    ],
    [
      "of another version of the same kind",
      scalers,
      { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler" },
      400,
      "the API version in the data (autoscaling/v1) does not match the expected API version (autoscaling/v2)",
    ],
    [
      "of a version that is served no more",
      "/apis/apps/v1/namespaces/default/deployments",
      { apiVersion: "extensions/v1beta1", kind: "Deployment" },
      400,
      "the API version in the data (extensions/v1beta1) does not match the expected API version (apps/v1)",
    ],
    [
      "of the same kind in another group",
      "/apis/events.k8s.io/v1/namespaces/default/events",
      { apiVersion: "v1", kind: "Event" },
      400,
      "the API version in the data (v1) does not match the expected API version (events.k8s.io/v1)",
    ],
    [
      "for a server of its own",
      crds,
      { apiVersion: "v1", kind: "ConfigMap" },
      400,
      'ConfigMap in version "v1" cannot be handled as a CustomResourceDefinition: no kind "ConfigMap" is registered for version "v1" in scheme "pkg/apiserver/apiserver.go:55"',
    ],
    [
      "whose kind is a number",
      maps,
      { kind: 1 },
      400,
      `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":1,"metadata":{"name":" ...)`,
    ],
    [
      "whose version has too many parts",
      maps,
      { apiVersion: "a/b/c" },
      400,
      'the object provided is unrecognized (must be of type ConfigMap): unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","metadat ...)',
    ],
    [
      "of a custom resource without a kind",
      bells,
      { apiVersion: "example.com/v1" },
      400,
      `the object provided is unrecognized (must be of type Bell): Object 'Kind' is missing in '{"apiVersion":"example.com/v1","metadata":{"name":"a"}}' ({"apiVersion":"example.com/v1" ...)`,
    ],
    [
      "of a custom resource without a version",
      bells,
      { kind: "Bell" },
      400,
      "the API version in the data () does not match the expected API version (example.com/v1)",
    ],
    [
      "of another version of a custom resource",
      bells,
      { apiVersion: "example.com/v2", kind: "Bell" },
      400,
      "the API version in the data (example.com/v2) does not match the expected API version (example.com/v1)",
    ],
    [
      "of another kind than the custom resource's",
      bells,
      { apiVersion: "example.com/v1", kind: "Gong" },
      422,
      'Gong.example.com "a" is invalid: kind: Invalid value: "Gong": must be Bell',
    ],
  ])("%s is told what it is", async (_, path, more, code, message) => {
    const body = { ...more, metadata };
    const put = [maps, bells].includes(path);
    for (const [verb, at] of [["POST", path], ...(put ? [["PUT", `${path}/a`]] : [])] as const) {
      const answer = await api.request(verb as string, at as string, body);
      expect([verb, answer.code, answer.body.message]).toEqual([verb, code, message]);
    }
  });

  test.each<[string, string, Json, Record<string, string>, number, string | undefined]>([
    [
      "a merge patch makes nothing that nobody knows",
      maps,
      { kind: "Nosuch" },
      merge,
      422,
      `no kind "Nosuch" is registered for version "v1" ${legacy}`,
    ],
    [
      "nor another kind",
      maps,
      { kind: "Secret" },
      merge,
      422,
      "converting (v1.Secret) to (core.ConfigMap): unknown conversion",
    ],
    [
      "a strategic one leaves the kind as it is",
      maps,
      { kind: "Nosuch" },
      strategic,
      200,
      undefined,
    ],
    [
      "a custom resource stays of its kind and version",
      bells,
      { apiVersion: "example.com/v2", kind: "Gong" },
      merge,
      422,
      'Gong.example.com "a" is invalid: [kind: Invalid value: "Gong": must be Bell, apiVersion: Invalid value: "example.com/v2": must be example.com/v1]',
    ],
    ["and has a kind", bells, { kind: null }, merge, 422, "Object 'Kind' is missing in"],
    [
      "an apply says what it is of",
      `${bells}`,
      { apiVersion: "example.com/v2", kind: "Bell", metadata },
      apply,
      400,
      "invalid object type: example.com/v2, Kind=Bell",
    ],
  ])("%s", async (_, path, patch, type, code, message) => {
    const { code: is, body } = await api.request("PATCH", `${path}/a?fieldManager=me`, patch, type);
    expect(is).toBe(code);
    if (message !== undefined) expect(body.message).toContain(message);
    else expect(body.kind).toBe("ConfigMap");
  });
});
