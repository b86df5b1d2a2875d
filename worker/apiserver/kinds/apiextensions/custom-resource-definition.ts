/** apiextensions.k8s.io/v1 CustomResourceDefinition. Upstream: apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go, etcd.go; pkg/apis/apiextensions/v1/defaults.go. */
import type {
  V1CustomResourceDefinition as Definition,
  V1CustomResourceDefinitionCondition as Condition,
} from "#apimachinery/api/apiextensions-v1.ts";
import {
  validateDefinition,
  validateDefinitionStatus,
  validateDefinitionUpdate,
} from "#apiserver/custom-resources/definition/validation.ts";
import { unknownFormats } from "#apiserver/custom-resources/definition/formats.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

/** Go's structs are always there: whoever reads a definition need not ask, and validation says what they lack. */
const zero = { names: {}, versions: [] } as unknown as Definition["spec"];

const httpsPort = 443;
/** A webhook's Service listens where https does. */
function withPort(spec: Definition["spec"]): Definition["spec"] {
  const { conversion } = spec;
  const { webhook } = conversion ?? {};
  const { clientConfig } = webhook ?? {};
  const { service } = clientConfig ?? {};
  if (conversion === undefined || webhook === undefined || service === undefined) return spec;
  if (service.port !== undefined) return spec;
  const config = { ...clientConfig, service: { ...service, port: httpsPort } };
  return { ...spec, conversion: { ...conversion, webhook: { ...webhook, clientConfig: config } } };
}

function defaults(definition: Definition): Definition {
  const spec = withPort(
    fill(definition.spec ?? zero, { ...zero, conversion: { strategy: "None" } }),
  );
  const { names } = spec;
  const wholeNames = names.kind
    ? fill(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` })
    : names;
  return wholeNames === names && spec === definition.spec
    ? definition
    : { ...definition, spec: { ...spec, names: wholeNames } };
}

const storageVersion = ({ spec }: Definition): string | undefined =>
  spec.versions.find(({ storage }) => storage)?.name;

/** Once a version was stored, objects of it may be left. */
function withStored(definition: Definition, previous: Definition): Definition {
  const { storedVersions = [] } = previous.status ?? {};
  const version = storageVersion(definition);
  if (version === undefined || storedVersions.includes(version)) return definition;
  return {
    ...definition,
    status: { ...previous.status, storedVersions: [...storedVersions, version] },
  };
}

const pending: Omit<Condition, "lastTransitionTime"> = {
  type: "Terminating",
  status: "True",
  reason: "InstanceDeletionPending",
  message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
};

function terminating(definition: Definition): Definition {
  const { conditions = [] } = definition.status ?? {};
  const others = conditions.filter(({ type }) => type !== pending.type);
  const { type, ...said } = pending;
  const condition: Condition = {
    lastTransitionTime: definition.metadata.deletionTimestamp,
    ...said,
    type,
  };
  return { ...definition, status: { ...definition.status, conditions: [...others, condition] } };
}

export const customResourceDefinition: Kind<Definition> = {
  gvk: "apiextensions.k8s.io/v1/CustomResourceDefinition",
  generation: true,
  unconditionalUpdate: false,
  deletionFinalizer: "customresourcecleanup.apiextensions.k8s.io",
  defaults,
  prepareForCreate: (definition) => {
    const version = storageVersion(definition);
    const storedVersions = version === undefined ? [] : [version];
    const acceptedNames = { kind: "", plural: "" };
    return { ...definition, status: { acceptedNames, conditions: [], storedVersions } };
  },
  prepareForUpdate: withStored,
  prepareForDelete: terminating,
  validateCreate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  validateStatusUpdate: validateDefinitionStatus,
  warnings: (definition, previous) =>
    unknownFormats(definition, previous).map(
      (format) => `unrecognized format ${JSON.stringify(format)}`,
    ),
};
