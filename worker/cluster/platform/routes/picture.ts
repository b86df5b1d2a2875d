/**
 * `GET /-/picture`: nodes and Pods as the page draws them. It is not a read of the API by the learner,
 * so it leaves no note in the trace and passes no lesson's check.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { json } from "#apiserver/front/plain.ts";
import type { Route } from "#cluster/platform/platform.ts";

export interface PictureNode {
  readonly name: string;
  readonly rev: number;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** `key:effect` or `key=value:effect` */
  readonly taints: readonly string[];
  readonly cpu: string;
  readonly memory: string;
  readonly cidr: string;
}
export interface PicturePod {
  readonly namespace: string;
  readonly name: string;
  readonly rev: number;
  readonly node: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly leaving: boolean;
  /** Why a container waits; "" = none does. */
  readonly reason: string;
  readonly ip: string;
}
export interface PictureFacts {
  readonly rev: number;
  readonly nodes: readonly PictureNode[];
  readonly pods: readonly PicturePod[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
}
interface NodeView extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly podCIDR?: string;
    readonly taints?: readonly {
      readonly key: string;
      readonly value?: string;
      readonly effect: string;
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly allocatable?: Readonly<Record<string, string>>;
  };
}
interface PodView extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string } };
    }[];
  };
}

const holds = (conditions: readonly Condition[] | undefined, wanted: string): boolean =>
  conditions?.some(({ type, status }) => type === wanted && status === "True") === true;
const revisionOf = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion ?? 0);

function nodeOf(node: NodeView): PictureNode {
  const { spec = {}, status = {} } = node;
  return {
    name: node.metadata.name ?? "",
    rev: revisionOf(node),
    ready: holds(status.conditions, "Ready"),
    unschedulable: spec.unschedulable === true,
    taints: (spec.taints ?? []).map(
      ({ key, value = "", effect }) => `${key}${value === "" ? "" : `=${value}`}:${effect}`,
    ),
    cpu: status.allocatable?.["cpu"] ?? "",
    memory: status.allocatable?.["memory"] ?? "",
    cidr: spec.podCIDR ?? "",
  };
}

function podOf(pod: PodView): PicturePod {
  const { spec = {}, status = {} } = pod;
  const waits = status.containerStatuses?.find(({ state }) => state?.waiting !== undefined);
  const reason = waits?.state?.waiting?.reason ?? "";
  return {
    namespace: pod.metadata.namespace ?? "",
    name: pod.metadata.name ?? "",
    rev: revisionOf(pod),
    node: spec.nodeName ?? "",
    phase: status.phase ?? "",
    ready: holds(status.conditions, "Ready"),
    leaving: pod.metadata.deletionTimestamp !== undefined,
    reason: reason === "ContainerCreating" || reason === "PodInitializing" ? "" : reason,
    ip: status.podIP ?? "",
  };
}

export const getPicture: Route = {
  method: "GET",
  path: "/-/picture",
  handle: (_request, { list, clock }) =>
    json({
      rev: clock.revision(),
      nodes: list("v1/Node").map(nodeOf),
      pods: list("v1/Pod").map(podOf),
    } satisfies PictureFacts),
};
