/**
 * What agnhost's webhooks say, by path. Upstream: test/images/agnhost/webhook/{addlabel,alwaysallow,alwaysdeny,configmap,crd,customresource,pods}.go.
 */
import type { V1Container, V1PodSpec } from "#apimachinery/api/core-v1.ts";

interface Resource {
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
}
interface Shown {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Partial<V1PodSpec>;
  /** Of PodAttachOptions. */
  readonly stdin?: boolean;
  readonly container?: string;
}
export interface AdmissionRequest {
  readonly uid: string;
  readonly name?: string;
  readonly operation: string;
  readonly resource: Resource;
  readonly subResource?: string;
  readonly object: Shown | null;
  readonly oldObject: Shown | null;
}
/** Undefined: the server panics and hangs up. */
export type Verdict =
  | {
      readonly allowed: boolean;
      readonly status?: {
        readonly message?: string;
        readonly reason?: string;
        readonly status?: string;
        readonly code?: number;
      };
      readonly patch?: readonly unknown[];
      /** How long it thinks; null: for ever. */
      readonly takesMs?: number | null;
    }
  | undefined;
type Handler = (request: AdmissionRequest) => Verdict;

const allowed: Verdict = { allowed: true };
const refused = (message: string): Verdict => ({ allowed: false, status: { message } });
const key = "webhook-e2e-test";

const goResource = ({ group = "", version = "", resource = "" }: Resource): string =>
  `{${group} ${version} ${resource}}`;
const text = ({ group = "", version = "", resource = "" }: Resource): string =>
  `${group}/${version}, Resource=${resource}`;
const is = (one: Resource, other: Resource): boolean => goResource(one) === goResource(other);
const core = (resource: string): Resource => ({ group: "", version: "v1", resource });

function addLabel({ object }: AdmissionRequest): Verdict {
  const labels = object?.metadata?.labels ?? {};
  const label = labels["added-label"];
  if (label === "yes") return allowed;
  const path = "/metadata/labels";
  return {
    allowed: true,
    patch: [
      Object.keys(labels).length === 0
        ? { op: "add", path, value: { "added-label": "yes" } }
        : {
            op: label === undefined ? "add" : "replace",
            path: `${path}/added-label`,
            value: "yes",
          },
    ],
  };
}

/** Refuses what holds a certain value. `told`: the reasons to give. */
const ofData =
  (told: { readonly written: string; readonly deleted: string }): Handler =>
  ({ operation, object, oldObject }) => {
    const value = (operation === "DELETE" ? oldObject : object)?.data?.[key];
    const isWrite = operation === "CREATE" || operation === "UPDATE";
    const reason =
      value === "webhook-disallow" && isWrite
        ? told.written
        : value === "webhook-nondeletable" && operation === "DELETE"
          ? told.deleted
          : undefined;
    return reason === undefined ? allowed : { allowed: false, status: { reason } };
  };

/** Two stages: what the first adds makes the second add more. */
function mutateData({ object }: AdmissionRequest): Verdict {
  const data = object?.data ?? {};
  const stage =
    data["mutation-stage-1"] === "yes" ? 2 : data["mutation-start"] === "yes" ? 1 : undefined;
  return stage === undefined
    ? allowed
    : {
        allowed: true,
        patch: [{ op: "add", path: `/data/mutation-stage-${stage}`, value: "yes" }],
      };
}

const onConfigMaps =
  (handler: Handler): Handler =>
  (request) =>
    is(request.resource, core("configmaps")) ? handler(request) : undefined;

function admitPods({ resource, object }: AdmissionRequest): Verdict {
  if (!is(resource, core("pods"))) return refused(`expect resource to be ${text(core("pods"))}`);
  const label = object?.metadata?.labels?.[key];
  const found = [
    ...(label === "webhook-disallow" ? ["the pod contains unwanted label;"] : []),
    ...(label === "wait-forever" ? ["the pod response should not be sent;"] : []),
    ...(object?.spec?.containers ?? [])
      .filter(({ name }) => name.includes("webhook-disallow"))
      .map(() => "the pod contains unwanted container name;"),
  ];
  if (found.length === 0) return allowed;
  return {
    allowed: false,
    status: { message: found.join(" ") },
    ...(label === "wait-forever" ? { takesMs: null } : {}),
  };
}

/** Nothing, where something else than Pods is asked about. */
const patchedPod = (
  { resource, object }: AdmissionRequest,
  isDue: (pod: Shown) => boolean,
  patch: readonly unknown[],
): Verdict =>
  is(resource, core("pods"))
    ? isDue(object ?? {})
      ? { allowed: true, patch }
      : allowed
    : undefined;

const hasContainer = (containers: readonly V1Container[] | undefined, name: string): boolean =>
  containers?.some((one) => one.name === name) === true;

const mutatePods: Handler = (request) =>
  patchedPod(
    request,
    ({ metadata, spec }) =>
      metadata?.name === "webhook-to-be-mutated" &&
      !hasContainer(spec?.initContainers, "webhook-added-init-container"),
    [
      {
        op: "add",
        path: "/spec/initContainers",
        value: [
          { image: "webhook-added-image", name: "webhook-added-init-container", resources: {} },
        ],
      },
    ],
  );

/** Adds a container of this image to every Pod. */
export const sidecarHandler =
  (image: string): Handler =>
  (request) =>
    image === ""
      ? {
          allowed: false,
          status: {
            status: "Failure",
            message: "No image specified by the sidecar-image parameter",
            code: 500,
          },
        }
      : patchedPod(
          request,
          ({ spec }) => !hasContainer(spec?.containers, "webhook-added-sidecar"),
          [
            {
              op: "add",
              path: "/spec/containers/-",
              value: { image, name: "webhook-added-sidecar", resources: {} },
            },
          ],
        );

function admitAttach({ name, resource, subResource = "", object }: AdmissionRequest): Verdict {
  if (name !== "to-be-attached-pod") return allowed;
  if (!is(resource, core("pods")))
    return refused(`expect resource to be ${text(core("pods"))}, got ${text(resource)}`);
  if (subResource !== "attach")
    return refused(`expect subresource to be attach, got ${subResource}`);
  return object?.stdin === true && object.container === "container1"
    ? refused("attaching to pod 'to-be-attached-pod' is not allowed")
    : allowed;
}

function admitDefinitions({ resource, object }: AdmissionRequest): Verdict {
  const known = ["v1beta1", "v1"].map((version) => ({
    group: "apiextensions.k8s.io",
    version,
    resource: "customresourcedefinitions",
  }));
  if (!known.some((one) => is(one, resource)))
    return refused(
      `expect resource to be one of [${known.map(text).join(", ")}] but got ${text(resource)}`,
    );
  return object?.metadata?.labels?.[key] === "webhook-disallow"
    ? refused("the crd contains unwanted label")
    : allowed;
}

export const handlers: Readonly<Record<string, Handler>> = {
  "/always-allow-delay-5s": () => ({
    allowed: true,
    status: { message: "this webhook allows all requests" },
    takesMs: 5000,
  }),
  "/always-deny": () => refused("this webhook denies all requests"),
  "/add-label": addLabel,
  "/pods": admitPods,
  "/pods/attach": admitAttach,
  "/mutating-pods": mutatePods,
  "/configmaps": onConfigMaps(
    ofData({
      written: "the configmap contains unwanted key and value",
      deleted: "the configmap cannot be deleted because it contains unwanted key and value",
    }),
  ),
  "/mutating-configmaps": onConfigMaps(mutateData),
  "/custom-resource": ofData({
    written: "the custom resource contains unwanted data",
    deleted: "the custom resource cannot be deleted because it contains unwanted key and value",
  }),
  "/mutating-custom-resource": mutateData,
  "/crd": admitDefinitions,
};
