/** Events by either API, and what a signer answers: what is refused. */
import { describe, expect, test } from "vitest";
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import type { FieldError } from "#apimachinery/field.ts";
import { validateNewEvent, validateNewEventUpdate } from "#apiserver/kinds/events/event.ts";
import { problems, statusProblems } from "./problems.ts";

const texts = (errors: readonly FieldError[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const eventTime = "2026-01-01T00:00:00.000001Z";
const metadata = { name: "x", namespace: "default" };
const event = (over: object = {}): V1Event =>
  ({
    metadata,
    involvedObject: { kind: "Pod", name: "p", namespace: "default" },
    eventTime,
    reportingComponent: "a.io/b",
    reportingInstance: "i",
    action: "Act",
    reason: "Why",
    type: "Normal",
    ...over,
  }) as V1Event;
const long = "é".repeat(65);

describe("a new event of events.k8s.io", () => {
  test.each<[string, object, readonly string[]]>([
    ["all that is needed", {}, []],
    [
      "of the old sort",
      { eventTime: undefined, count: 1, source: { host: "h" } },
      [
        "eventTime: Required value",
        'count: Invalid value: "": needs to be unset',
        'source: Invalid value: "": needs to be unset',
      ],
    ],
    [
      "bytes are counted, not letters",
      { action: long, reason: long, reportingInstance: long },
      ["reportingInstance", "action", "reason"].map(
        (field) => `${field}: Invalid value: "": can have at most 128 characters`,
      ),
    ],
    [
      "about what is elsewhere",
      { metadata: { ...metadata, namespace: "a" }, involvedObject: { kind: "Node", name: "n" } },
      ['involvedObject.namespace: Invalid value: "": does not match event.namespace'],
    ],
    [
      "a series of one",
      { series: { count: 1 } },
      [
        'series.count: Invalid value: "": should be at least 2',
        "series.lastObservedTime: Required value",
      ],
    ],
    ["no sort", { type: "" }, ['type: Invalid value: "": has invalid value: ']],
  ])("%s", (_, over, expected) => {
    expect(texts(validateNewEvent(event(over)))).toEqual(expected);
  });
});

describe("a change of one", () => {
  test.each<[string, object, readonly string[]]>([
    ["its series", { series: { count: 2, lastObservedTime: eventTime } }, []],
    ["less than a microsecond", { eventTime: "2026-01-01T00:00:00.000001500Z" }, []],
    [
      "its time",
      { eventTime: "2026-01-01T00:00:00.000002Z" },
      ['eventTime: Invalid value: "2026-01-01T00:00:00.000002Z": field is immutable'],
    ],
    [
      "its reason is told of twice",
      { reason: "Because" },
      Array(2).fill('reason: Invalid value: "Because": field is immutable'),
    ],
  ])("%s", (_, over, expected) => {
    expect(texts(validateNewEventUpdate(event(over), event()))).toEqual(expected);
  });
});

test("core/v1 wants no more than a place that fits", () => {
  expect(problems("v1/Event", { metadata, involvedObject: { namespace: "a" } })).toEqual([
    'involvedObject.namespace: Invalid value: "a": does not match event.namespace',
  ]);
});

test.each<[string, string, readonly string[]]>([
  ["nothing", "", []],
  [
    "no block",
    "text",
    [
      'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
    ],
  ],
  [
    "headers",
    "-----BEGIN CERTIFICATE-----\nProc-Type: 4\n\nAAAA\n-----END CERTIFICATE-----\n",
    ['status.certificate: Invalid value: "<certificate data>": no PEM block headers are permitted'],
  ],
])("a signer's answer: %s", (_, text, expected) => {
  const gvk = "certificates.k8s.io/v1/CertificateSigningRequest";
  expect(statusProblems(gvk, { spec: {} }, { certificate: btoa(text) })).toEqual(expected);
});
