/**
 * Every resource the server has: the API's facts joined with what each kind adds to them.
 * Upstream: apiserver/pkg/registry/generic/registry/store.go, pkg/controlplane/instance.go.
 */
import { resourceMetrics } from "#apimachinery/api/resource-metrics.ts";
import { type ResourceFacts, resources } from "#apimachinery/api/schema.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { GroupKind, GroupResource } from "#apimachinery/status.ts";
import type { Custom } from "./custom-resources/custom.ts";
import { type Face, faces } from "./faces.ts";
import type { Kind } from "./kinds/kind.ts";
import { kinds } from "./kinds/registry.ts";

export interface Resource {
  readonly facts: ResourceFacts;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** `apps/v1`, `v1`. */
  readonly apiVersion: string;
  readonly kindName: string;
  /** `apps/v1/Deployment`. */
  readonly gvk: string;
  readonly namespaced: boolean;
  /** Wire type in the schema. */
  readonly type: string;
  readonly kind: Kind;
  /** Where its objects lie in etcd, with both slashes: `/registry/pods/`. */
  readonly directory: string;
  readonly hasStatus: boolean;
  /** `changes`: it is counted from the first change on. */
  readonly generation: boolean | "changes";
  /** `{"kind":"Pod","apiVersion":"v1",`: how every stored text begins. */
  readonly head: string;
  readonly groupResource: GroupResource;
  readonly groupKind: GroupKind;
  /** Another version of objects that are stored as `face.stored`. */
  readonly face: Face | undefined;
  /** Set for resources that a CustomResourceDefinition made. */
  readonly custom?: Custom;
}

/** Directories that are not the plural. Upstream: pkg/kubeapiserver/default_storage_factory_builder.go. */
const directories: Readonly<Record<string, string>> = {
  "v1/Node": "minions",
  "v1/Service": "services/specs",
  "v1/Endpoints": "services/endpoints",
  "v1/ReplicationController": "controllers",
  "networking.k8s.io/v1/Ingress": "ingress",
  "apiextensions.k8s.io/v1/CustomResourceDefinition":
    "apiextensions.k8s.io/customresourcedefinitions",
  "apiregistration.k8s.io/v1/APIService": "apiregistration.k8s.io/apiservices",
};

/** Kinds whose strategy counts spec changes in metadata.generation. */
const generational = new Set([
  "v1/Pod",
  "v1/PodTemplate",
  "v1/ReplicationController",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/ReplicaSet",
  "apps/v1/StatefulSet",
  "batch/v1/CronJob",
  "batch/v1/Job",
  "networking.k8s.io/v1/Ingress",
  "networking.k8s.io/v1/IngressClass",
  "networking.k8s.io/v1/NetworkPolicy",
  "policy/v1/PodDisruptionBudget",
  "discovery.k8s.io/v1/EndpointSlice",
  "scheduling.k8s.io/v1/PriorityClass",
  "apiextensions.k8s.io/v1/CustomResourceDefinition",
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema",
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration",
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration",
]);

/** What a face shows and answers: the stored kind's columns and fields. */
function kindBehind({ gvk, stored, toStored, fields = {} }: Face): Kind {
  const behind = kinds.find((one) => one.gvk === stored);
  if (behind === undefined) return { gvk };
  const { columns, createOnUpdate = false } = behind;
  const readers = Object.entries(fields).flatMap(([label, storedLabel]) => {
    const read = behind.fields?.[storedLabel];
    return read === undefined
      ? []
      : [[label, (object: KubeObject): string => read(toStored(object))] as const];
  });
  return {
    gvk,
    createOnUpdate,
    ...(readers.length === 0 ? {} : { fields: Object.fromEntries(readers) }),
    ...(columns === undefined
      ? {}
      : {
          columns: columns.map((column) => ({
            ...column,
            of: (object, nowMs) => column.of(toStored(object), nowMs),
          })),
        }),
  };
}

function resourceOf(fact: ResourceFacts): Resource {
  const { group, version, plural, kind: kindName, namespaced, type } = fact;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const gvk = `${apiVersion}/${kindName}`;
  const face = faces.find((one) => one.gvk === gvk);
  const stored = face?.stored ?? gvk;
  const kind =
    face === undefined ? (kinds.find((one) => one.gvk === gvk) ?? { gvk }) : kindBehind(face);
  return {
    facts: fact,
    group,
    version,
    plural,
    apiVersion,
    kindName,
    gvk,
    namespaced,
    type,
    kind,
    directory: `/registry/${kind.storage ?? directories[stored] ?? plural}/`,
    hasStatus: fact.subresources?.["status"] !== undefined,
    generation: kind.generation ?? generational.has(stored),
    head: `{"kind":${JSON.stringify(kindName)},"apiVersion":${JSON.stringify(apiVersion)},`,
    groupResource: { group, resource: plural },
    groupKind: { group, kind: kindName },
    face,
  };
}

/** What every server has. */
const facts: readonly ResourceFacts[] = [...resources, ...resourceMetrics];
/** Worked out when asked for: nothing of them is stored. */
const isComputed = ({ facts: { verbs } }: Resource): boolean =>
  !verbs.includes("create") && !verbs.includes("delete") && !verbs.includes("watch");

/** The built-in resources, and those of the definitions there are. */
export class Registry {
  readonly #builtIn: readonly Resource[] = facts.map(resourceOf);
  /** By the definition's name. */
  readonly #custom = new Map<string, readonly Resource[]>();
  #facts: readonly ResourceFacts[] = facts;
  /** Told of a directory whose resources are others now: who watches it must look anew. */
  onReplaced: (directory: string) => void = () => undefined;
  readonly #byKind = new Map<string, Resource>();
  readonly #byPath = new Map<string, Resource>();
  /** Stored versions only: which resource a key belongs to. */
  readonly #byDirectory = new Map<string, Resource>();

  constructor() {
    for (const resource of this.#builtIn) this.#enter(resource);
  }

  /** Everything that is served. */
  get all(): readonly Resource[] {
    return [...this.#builtIn, ...[...this.#custom.values()].flat().filter(isServed)];
  }
  /** What discovery says of them: the same list until a definition changes. */
  get facts(): readonly ResourceFacts[] {
    return this.#facts;
  }

  /** The resources that a definition makes now; none when it is gone. */
  setCustom(definition: string, resources: readonly Resource[]): void {
    const before = this.#custom.get(definition) ?? [];
    for (const old of before) this.#leave(old);
    if (resources.length === 0) this.#custom.delete(definition);
    else this.#custom.set(definition, resources);
    for (const resource of resources) this.#enter(resource);
    this.#facts = this.all.map((resource) => resource.facts);
    const [replaced] = before;
    if (replaced !== undefined) this.onReplaced(replaced.directory);
  }

  #enter(resource: Resource): void {
    this.#byKind.set(resource.gvk, resource);
    if (isServed(resource)) this.#byPath.set(pathOf(resource), resource);
    if (isComputed(resource)) return;
    if (resource.face === undefined || resource.face.stored === resource.gvk)
      this.#byDirectory.set(resource.directory, resource);
  }
  #leave(resource: Resource): void {
    this.#byKind.delete(resource.gvk);
    this.#byPath.delete(pathOf(resource));
    if (this.#byDirectory.get(resource.directory) === resource)
      this.#byDirectory.delete(resource.directory);
  }

  ofKind(gvk: string): Resource | undefined {
    return this.#byKind.get(gvk);
  }
  ofPath(group: string, version: string, plural: string): Resource | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }
  /** The resource of a key in etcd, in the version it is stored as. */
  ofKey(key: string): Resource | undefined {
    for (
      let slash = key.indexOf("/", "/registry/".length);
      slash > 0;
      slash = key.indexOf("/", slash + 1)
    ) {
      const found = this.#byDirectory.get(key.slice(0, slash + 1));
      if (found !== undefined) return found;
    }
    return undefined;
  }
  /** The version a resource is stored as; the resource itself for nearly all. */
  storedAs(resource: Resource): Resource {
    return resource.face === undefined
      ? resource
      : (this.#byKind.get(resource.face.stored) ?? resource);
  }
}

const isServed = ({ custom }: Resource): boolean => custom?.served !== false;
const pathOf = ({ group, version, plural }: Resource): string => `${group}/${version}/${plural}`;

/** The key of an object in etcd. */
export const storageKey = ({ directory }: Resource, namespace: string, name: string): string =>
  namespace === "" ? directory + name : `${directory}${namespace}/${name}`;

/** `pods/default/web-1` of a key, as the trace names objects; the key itself when no resource has it. */
export function traceName(registry: Registry, key: string): string {
  const resource = registry.ofKey(key);
  return resource === undefined
    ? key
    : `${resource.plural}/${key.slice(resource.directory.length)}`;
}
