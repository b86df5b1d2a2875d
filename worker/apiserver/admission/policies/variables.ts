/**
 * What expressions of policies and match conditions see: `object`, `oldObject`, `request`, `namespaceObject`,
 * `params`, `authorizer`, `variables`. Upstream: apiserver/pkg/admission/plugin/cel/compile.go, activation.go, condition.go.
 */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import {
  kindOf,
  nameOf,
  namespaceOf,
  isNamespaceObject,
  versioned,
} from "#apiserver/admission/matching/attributes.ts";
import { baseEnvironment, type CelEnvironment } from "#apiserver/cel/environment.ts";
import {
  authorizerType,
  CelAuthorizer,
  requestResourceCheck,
  resourceCheckType,
} from "#apiserver/cel/libraries/authorizer.ts";
import { type ObjectType, objectType } from "#apiserver/cel/object-type.ts";
import { fromJson } from "#apiserver/cel/values.ts";
import type { NamedTypes } from "#apiserver/cel/wire-types.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { UserInfo } from "#apiserver/request.ts";
import { operationOptions } from "./operation-options.ts";

/** A type in the environment's words, an object, a list of objects. */
type Fields = Readonly<Record<string, string | ObjectType | { readonly items: ObjectType }>>;

function typed(name: string, fields: Fields): ObjectType {
  const entries = Object.entries(fields).map(([key, type]) => {
    if (typeof type === "string")
      return [
        key,
        {
          type,
          read: (owner: Readonly<Record<string, unknown>>) =>
            owner[key] === undefined ? undefined : fromJson(owner[key]),
        },
      ];
    const isList = "items" in type;
    const { name: typeName, construct } = isList ? type.items : type;
    const read = (owner: Readonly<Record<string, unknown>>): unknown => {
      const value = owner[key];
      if (value === undefined) return undefined;
      return isList
        ? (value as readonly unknown[]).map((item) => new construct(item))
        : new construct(value);
    };
    return [key, { type: isList ? `list<${typeName}>` : typeName, read }];
  });
  return objectType(name, Object.fromEntries(entries) as never);
}

const gvk = typed("kubernetes.GroupVersionKind", {
  group: "string",
  version: "string",
  kind: "string",
});
const gvr = typed("kubernetes.GroupVersionResource", {
  group: "string",
  version: "string",
  resource: "string",
});
const userInfo = typed("kubernetes.UserInfo", {
  username: "string",
  uid: "string",
  groups: "list<string>",
  extra: "map<string, list<string>>",
});
const requestType = typed("kubernetes.AdmissionRequest", {
  kind: gvk,
  resource: gvr,
  subResource: "string",
  requestKind: gvk,
  requestResource: gvr,
  requestSubResource: "string",
  name: "string",
  namespace: "string",
  operation: "string",
  userInfo,
  dryRun: "bool",
  options: "dyn",
});
/** As upstream declares them: what is read is the text, and `UID` is no field of any Namespace. */
const timestamp = "google.protobuf.Timestamp";
const namespaceMetadata = typed("kubernetes.NamespaceMetadata", {
  name: "string",
  generateName: "string",
  namespace: "string",
  labels: "map<string, string>",
  annotations: "map<string, string>",
  UID: "string",
  creationTimestamp: timestamp,
  deletionGracePeriodSeconds: "int",
  deletionTimestamp: timestamp,
  generation: "int",
  resourceVersion: "string",
  finalizers: "list<string>",
});
const namespaceSpec = typed("kubernetes.NamespaceSpec", { finalizers: "list<string>" });
const namespaceCondition = typed("kubernetes.NamespaceCondition", {
  status: "string",
  type: "string",
  lastTransitionTime: timestamp,
  message: "string",
  reason: "string",
});
const namespaceStatus = typed("kubernetes.NamespaceStatus", {
  conditions: { items: namespaceCondition },
  phase: "string",
});
const namespaceType = typed("kubernetes.Namespace", {
  metadata: namespaceMetadata,
  spec: namespaceSpec,
  status: namespaceStatus,
});
const types = [
  gvk,
  gvr,
  userInfo,
  requestType,
  namespaceMetadata,
  namespaceSpec,
  namespaceCondition,
  namespaceStatus,
  namespaceType,
];

/** Stands for `authorizer.requestResource`, which is one name with a dot in it. */
export const requestResourceName = "authorizer_requestResource";

const environmentOf = (
  own: readonly ObjectType[],
  object: string,
  params: string,
): CelEnvironment =>
  baseEnvironment().extend({
    types: [...types, ...own],
    variables: {
      object,
      oldObject: object,
      request: requestType.name,
      namespaceObject: namespaceType.name,
      params,
      authorizer: authorizerType,
      [requestResourceName]: resourceCheckType,
    },
  });

/** With objects and params of certain types: to look at expressions, not to evaluate them. */
export function typedEnvironment(
  object: NamedTypes,
  params: NamedTypes | undefined,
): CelEnvironment {
  const all = [...object.types, ...(params?.types ?? [])];
  const own = [...new Map(all.map((type) => [type.name, type])).values()];
  return environmentOf(own, object.name, params?.name ?? "dyn");
}

let conditions: CelEnvironment | undefined;
/** Everything but `variables`. */
export function conditionEnvironment(): CelEnvironment {
  conditions ??= environmentOf([], "dyn", "dyn");
  return conditions;
}

const decider =
  ({ call }: AdmissionRequest): ConstructorParameters<typeof CelAuthorizer>[0] =>
  (question) => {
    const { serviceAccount, verb, path } = question;
    const user: UserInfo =
      serviceAccount === undefined
        ? call.user
        : {
            name: `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`,
            groups: [
              "system:serviceaccounts",
              `system:serviceaccounts:${serviceAccount.namespace}`,
              "system:authenticated",
            ],
          };
    const { group = "", resource = "", subresource = "", namespace = "", name = "" } = question;
    const rest = { group, version: "*", resource, subresource, namespace, name };
    const { allowed, reason } = call.world.authorizer.authorize(user, {
      isResource: path === undefined,
      path: path ?? "",
      verb,
      ...rest,
    });
    return { allowed, reason };
  };

const userOf = ({ user }: AdmissionRequest): object => ({
  username: user.name,
  ...(user.uid === undefined ? {} : { uid: user.uid }),
  groups: user.groups,
  ...(user.extra === undefined ? {} : { extra: user.extra }),
});

/** admission.k8s.io/v1 AdmissionRequest without its objects and uid. */
export function requestFields(
  request: AdmissionRequest,
  target: Resource,
): Record<string, unknown> {
  const { info, call, operation, dryRun } = request;
  const { resource } = call;
  const { subresource } = info;
  const sub =
    subresource === "" ? {} : { subResource: subresource, requestSubResource: subresource };
  const resourceText = ({ group, version, plural }: Resource): object => ({
    group,
    version,
    resource: plural,
  });
  const namespace = namespaceOf(request);
  const name = nameOf(request);
  return {
    kind: kindOf(target, subresource),
    resource: resourceText(target),
    ...sub,
    requestKind: kindOf(resource, subresource),
    requestResource: resourceText(resource),
    ...(name === "" ? {} : { name }),
    ...(namespace === "" ? {} : { namespace }),
    operation,
    userInfo: userOf(request),
    dryRun,
    options: operationOptions(request),
  };
}

/** Values for an environment, in the version of `target`. */
export function bound(
  request: AdmissionRequest,
  target: Resource,
  params: KubeObject | null = null,
): Record<string, unknown> {
  const { object, previous, context, info } = request;
  const shown = (one: KubeObject | undefined): unknown =>
    one === undefined ? null : fromJson(versioned(request, one, target));
  const namespace =
    info.namespace === "" || isNamespaceObject(request)
      ? undefined
      : context.get<V1Namespace>("v1/Namespace", "", info.namespace);
  const decide = decider(request);
  const { group, resource, subresource, name } = info;
  return {
    object: shown(object),
    oldObject: shown(previous),
    request: new requestType.construct({ name: "", ...requestFields(request, target) }),
    namespaceObject: namespace === undefined ? null : new namespaceType.construct(namespace),
    params: params === null ? null : fromJson(params),
    authorizer: new CelAuthorizer(decide),
    [requestResourceName]: requestResourceCheck(decide, {
      group,
      resource,
      subresource,
      namespace: info.namespace,
      name,
    }),
  };
}
