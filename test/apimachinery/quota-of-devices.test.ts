/** Claims of devices in quotas. */
import { expect, test } from "vitest";
import { resourceClaims } from "#apimachinery/quota/resource-claims.ts";

const gpu = "gpu.deviceclass.resource.k8s.io/devices";
const nic = "nic.deviceclass.resource.k8s.io/devices";
const exactly = (over: object): object => ({
  exactly: { deviceClassName: "gpu", allocationMode: "ExactCount", ...over },
});

test.each<[string, readonly object[], Readonly<Record<string, string>>]>([
  ["nothing", [], {}],
  ["two requests", [exactly({ count: 2 }), exactly({ count: 3 })], { [gpu]: "5" }],
  ["all there are", [exactly({ allocationMode: "All" })], { [gpu]: "32" }],
  ["another mode", [exactly({ allocationMode: "Some", count: 0 })], { [gpu]: "0" }],
  [
    "the largest of the alternatives, by class",
    [
      exactly({ count: 1 }),
      {
        firstAvailable: [
          { deviceClassName: "gpu", allocationMode: "ExactCount", count: 2 },
          { deviceClassName: "gpu", allocationMode: "ExactCount", count: 1 },
          { deviceClassName: "nic", allocationMode: "ExactCount", count: 4 },
        ],
      },
    ],
    { [gpu]: "3", [nic]: "4" },
  ],
])("%s", (_, requests, expected) => {
  const claim = { spec: { devices: { requests } } } as never;
  const { "count/resourceclaims.resource.k8s.io": count, ...devices } = resourceClaims.usage(
    claim,
    0,
  ) as Record<string, string>;
  expect(count).toBe("1");
  expect(devices).toEqual(expected);
  for (const name of Object.keys(devices)) expect(resourceClaims.counts(name)).toBe(true);
});
