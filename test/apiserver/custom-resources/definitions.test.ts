import { expect, test } from "vitest";
import {
  validateDefinition,
  validateDefinitionUpdate,
} from "#apiserver/custom-resources/definition/validation.ts";
import type { Json } from "#test/support/api.ts";

const definition = (spec: Json = {}, version: Json = {}, schema?: Json): Json => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "foos.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "foos", singular: "foo", kind: "Foo", listKind: "FooList" },
    conversion: { strategy: "None" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema ?? { type: "object" } },
        ...version,
      },
    ],
    ...spec,
  },
  status: { storedVersions: ["v1"] },
});
const ofSpec = (properties: Json): Json => ({
  type: "object",
  properties: { spec: { type: "object", ...properties } },
});
const errorsOf = (given: Json): readonly string[] =>
  validateDefinition(given).map(({ field, message }) => `${field}: ${message}`);

const at = "spec.validation.openAPIV3Schema";

test.each<[string, Json, readonly string[]]>([
  ["a plain one", definition(), []],
  [
    "a group without a dot",
    definition({ group: "example" }),
    [
      'metadata.name: Invalid value: "foos.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Invalid value: "example": should be a domain with at least one dot',
    ],
  ],
  [
    "an unknown scope",
    definition({ scope: "World" }),
    ['spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"'],
  ],
  [
    "no schema",
    definition({}, { schema: undefined }),
    ["spec.versions[0].schema.openAPIV3Schema: Required value"],
  ],
  [
    "a group of Kubernetes",
    {
      ...definition({ group: "foo.k8s.io" }),
      metadata: { name: "foos.foo.k8s.io" },
    },
    [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  ],
  [
    "a generated name",
    { ...definition(), metadata: { name: "foos.example.com", generateName: "foos" } },
    ['metadata.generateName: Invalid value: "foos": must be spec.names.plural+"."+spec.group'],
  ],
  [
    "a warning of deprecation that nobody can read",
    definition({}, { deprecated: true, deprecationWarning: "é\u0007" }),
    [
      String.raw`spec.versions[0].deprecationWarning: Invalid value: "é\u0007": must only contain printable UTF-8 characters; non-printable character found at index 2`,
    ],
  ],
  [
    "a conversion that says too much",
    definition({ conversion: { strategy: "None", webhook: { conversionReviewVersions: ["v1"] } } }),
    [
      "spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook",
    ],
  ],
  [
    "a conversion of no strategy that is known",
    definition({ conversion: { strategy: "Magic" } }),
    ['spec.conversion.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"'],
  ],
  [
    "a webhook that cannot be called",
    definition({
      conversion: {
        strategy: "Webhook",
        webhook: {
          clientConfig: { service: { namespace: "a", name: "", port: 0 } },
          conversionReviewVersions: ["v2", "v2", "V"],
        },
      },
    }),
    [
      // As upstream, which takes one for the other.
      "spec.conversion.webhookClientConfig.service.namespace: Required value",
      "spec.conversion.webhookClientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive",
      'spec.conversion.conversionReviewVersions[1]: Invalid value: "v2": duplicate version',
      `spec.conversion.conversionReviewVersions[2]: Invalid value: "V": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
      'spec.conversion.conversionReviewVersions: Invalid value: ["v2","v2","V"]: must include at least one of v1, v1beta1',
    ],
  ],
  [
    "fields to select by that only one version has",
    definition({
      versions: ["v1", "v2"].map((name, i) => ({
        name,
        served: true,
        storage: i === 0,
        schema: { openAPIV3Schema: ofSpec({ properties: { a: { type: "string" } } }) },
        ...(i === 0 ? { selectableFields: [{ jsonPath: ".spec.a" }] } : {}),
      })),
    }),
    // As upstream: the schema that they share is told of elsewhere.
    [
      'spec.versions[0].selectableFields: Invalid value: "": may only be set when `version.schema.openAPIV3Schema` is not included',
    ],
  ],
  [
    "one version after the other, then names",
    definition({
      names: { plural: "foos", singular: "", kind: "Foo", listKind: "FooList" },
      versions: [
        {
          name: "V",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: ofSpec({ properties: { a: {} } }) },
        },
        {
          name: "v1",
          served: true,
          storage: false,
          deprecationWarning: "x",
          schema: { openAPIV3Schema: { type: "object" } },
        },
      ],
    }),
    [
      `spec.versions[0].name: Invalid value: "V": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
      "spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields",
      'spec.versions[1].deprecationWarning: Invalid value: "x": can only be set for deprecated versions',
      "spec.names.singular: Required value",
      'status.storedVersions: Invalid value: ["v1"]: must have the storage version V',
    ],
  ],
  [
    "nothing that was ever stored",
    { ...definition(), status: {} },
    ["status.storedVersions: Invalid value: null: must have at least one stored version"],
  ],
  [
    "rules where the schema is right, and none where it is not",
    definition(
      {},
      {},
      ofSpec({
        "x-kubernetes-validations": [{ rule: "nothing" }],
        properties: {
          a: { type: "string", "x-kubernetes-validations": [{ rule: "else" }] },
          b: { type: "object", uniqueItems: true },
        },
      }),
    ),
    [
      `${at}.properties[spec].properties[b].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
      expect.stringContaining(
        `${at}.properties[spec].properties[a].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"else","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:1: Syntax error:`,
      ) as unknown as string,
    ],
  ],
  [
    "a rule of changes in a map that is one value",
    definition(
      {},
      {},
      ofSpec({
        "x-kubernetes-map-type": "atomic",
        properties: {
          a: { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf" }] },
        },
      }),
    ),
    [],
  ],
  [
    "kind and listKind the same",
    definition({ names: { plural: "foos", singular: "foo", kind: "Foo", listKind: "Foo" } }),
    ['spec.names.listKind: Invalid value: "Foo": kind and listKind may not be the same'],
  ],
  [
    "a field without a type",
    definition({}, {}, ofSpec({ properties: { a: {} } })),
    [
      `${at}.properties[spec].properties[a].type: Required value: must not be empty for specified object fields`,
    ],
  ],
  [
    "a root that is no object",
    definition({}, {}, { type: "array", items: { type: "string" } }),
    [`${at}.type: Invalid value: "array": must be object at the root`],
  ],
  [
    "a list without items",
    definition({}, {}, ofSpec({ properties: { a: { type: "array" } } })),
    [`${at}.properties[spec].properties[a].items: Required value: must be specified`],
  ],
  [
    "a type inside anyOf",
    definition(
      {},
      {},
      ofSpec({ properties: { a: { type: "string", anyOf: [{ type: "string" }] } } }),
    ),
    [
      `${at}.properties[spec].properties[a].anyOf[0].type: Forbidden: must be empty to be structural`,
    ],
  ],
  [
    "a condition on what is not declared",
    definition({}, {}, { type: "object", allOf: [{ properties: { b: { minimum: 1 } } }] }),
    [`${at}.properties[b]: Required value: because it is defined in ${at}.allOf[0].properties[b]`],
  ],
  [
    "metadata with labels",
    definition(
      {},
      {},
      {
        type: "object",
        properties: { metadata: { type: "object", properties: { labels: { type: "object" } } } },
      },
    ),
    [
      `${at}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ],
  ],
  [
    "a default that does not fit",
    definition({}, {}, ofSpec({ properties: { a: { type: "integer", default: "x" } } })),
    [
      `${at}.properties[spec].properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`,
    ],
  ],
  [
    "a keyed list whose key may be missing",
    definition(
      {},
      {},
      ofSpec({
        properties: {
          a: {
            type: "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["n"],
            items: { type: "object", properties: { n: { type: "string" } } },
          },
        },
      }),
    ),
    [
      `${at}.properties[spec].properties[a].items.properties[n].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
  ],
  [
    "unique items",
    definition(
      {},
      {},
      ofSpec({
        properties: { a: { type: "array", uniqueItems: true, items: { type: "string" } } },
      }),
    ),
    [
      `${at}.properties[spec].properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
  ],
  [
    "a rule that is not there",
    definition({}, {}, ofSpec({ "x-kubernetes-validations": [{ message: "m" }] })),
    [
      `${at}.properties[spec].x-kubernetes-validations[0].rule: Required value: rule is not specified`,
    ],
  ],
  [
    "a rule that does not compile",
    definition(
      {},
      {},
      ofSpec({
        "x-kubernetes-validations": [{ rule: "self.b > 1" }],
        properties: { a: { type: "integer" } },
      }),
    ),
    [
      `${at}.properties[spec].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.b > 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b > 1\n | ....^`,
    ],
  ],
  [
    "a rule that is no condition",
    definition(
      {},
      {},
      ofSpec({
        "x-kubernetes-validations": [{ rule: "self.a" }],
        properties: { a: { type: "integer" } },
      }),
    ),
    [
      `${at}.properties[spec].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.a","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool`,
    ],
  ],
  [
    "oldSelf in a list without keys",
    definition(
      {},
      {},
      ofSpec({
        properties: {
          a: {
            type: "array",
            maxItems: 9,
            items: {
              type: "string",
              maxLength: 9,
              "x-kubernetes-validations": [{ rule: "self == oldSelf" }],
            },
          },
        },
      }),
    ),
    [
      `${at}.properties[spec].properties[a].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within ${at}.properties[spec].properties[a]`,
    ],
  ],
  [
    "columns without a path, of no type",
    definition({}, { additionalPrinterColumns: [{ name: "A", type: "text", jsonPath: "spec" }] }),
    [
      'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .',
    ],
  ],
  [
    "a scale of the status",
    definition(
      {},
      {
        subresources: { scale: { specReplicasPath: ".status.a", statusReplicasPath: ".status.b" } },
      },
    ),
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.a": should be a json path under .spec',
    ],
  ],
  [
    "a selectable field that is a list",
    definition(
      {},
      { selectableFields: [{ jsonPath: ".spec.a" }] },
      ofSpec({ properties: { a: { type: "array", items: { type: "string" } } } }),
    ),
    [
      'spec.selectableFields[0].jsonPath: Invalid value: ".spec.a": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ],
  ],
  [
    "two versions of one name",
    definition({
      versions: [true, false].map((storage) => ({
        name: "v1",
        served: true,
        storage,
        schema: { openAPIV3Schema: { type: "object" } },
      })),
    }),
    [
      expect.stringMatching(
        /^spec\.versions: Invalid value: .*: must contain unique version names$/,
      ),
    ],
  ],
  [
    "a webhook without an address",
    definition({
      conversion: { strategy: "Webhook", webhook: { conversionReviewVersions: ["v9"] } },
    }),
    [
      "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
      'spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1',
    ],
  ],
])("%s", (_, given, expected) => {
  expect(errorsOf(given)).toEqual(expected);
});

test("what may not change", () => {
  const established = {
    ...definition(),
    status: { storedVersions: ["v1"], conditions: [{ type: "Established", status: "True" }] },
  };
  const next = {
    ...established,
    spec: { ...established.spec, scope: "Cluster", group: "example.org" },
  };
  const errors = validateDefinitionUpdate(next, established);
  expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'spec.scope: Invalid value: "Cluster": field is immutable',
    'spec.group: Invalid value: "example.org": field is immutable',
  ]);
});
