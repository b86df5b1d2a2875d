/** What decoding makes of values that say nothing. */
import { expect, test } from "vitest";
import { decodeObject } from "#apimachinery/api/decode.ts";

test.each<readonly [what: string, type: string, given: object, decoded: object]>([
  [
    "zeros that Go cannot tell from nothing are not kept",
    "core.v1.PodSpec",
    {
      hostNetwork: false,
      nodeName: "",
      nodeSelector: {},
      tolerations: [],
      containers: [{ name: "c", imagePullPolicy: "", command: [], stdin: false, env: [] }],
    },
    { containers: [{ name: "c" }] },
  ],
  [
    "zeros behind a pointer are wishes",
    "core.v1.PodSpec",
    { enableServiceLinks: false, terminationGracePeriodSeconds: 0, securityContext: {} },
    { enableServiceLinks: false, terminationGracePeriodSeconds: 0, securityContext: {} },
  ],
  [
    "what Go always writes stays",
    "rbac.v1.ClusterRole",
    { rules: [], metadata: { labels: {}, annotations: {}, name: "" } },
    { rules: [], metadata: {} },
  ],
  [
    "an empty list stays where validation tells it from none",
    "resource.v1.ResourceSliceSpec",
    { devices: [], sharedCounters: [] },
    { devices: [], sharedCounters: [] },
  ],
  [
    "items of a list are what they are",
    "core.v1.Container",
    { args: ["", null] },
    { args: ["", ""] },
  ],
  [
    "amounts of resources are whole thousandths",
    "core.v1.ResourceRequirements",
    { limits: { cpu: "0.0001", memory: "1.5Gi" }, requests: { cpu: "1.0009", memory: 1 } },
    { limits: { cpu: "1m", memory: "1536Mi" }, requests: { cpu: "1001m", memory: "1" } },
  ],
  ["values of a map too", "core.v1.ConfigMap", { data: { a: "" } }, { data: { a: "" } }],
])("%s", (_, type, given, decoded) => {
  expect(decodeObject(given, type).value).toEqual(decoded);
});
