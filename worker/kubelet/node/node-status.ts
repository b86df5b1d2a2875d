/**
 * The Node's status as its kubelet tells it. Pure.
 * Upstream: pkg/kubelet/nodestatus/setters.go.
 */
import type {
  V1ContainerImage,
  V1Node,
  V1NodeCondition,
  V1NodeStatus,
} from "#apimachinery/api/core-v1.ts";
import { declaredFeatures } from "#apimachinery/declared-features.ts";
import { timeText } from "#apimachinery/time.ts";
import { keep } from "#kubelet/status/keep.ts";
import { digestOf } from "#kubelet/images/catalogue.ts";
import type { NodeImage } from "./node-state.ts";

const networkNotReady =
  "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";

/** At most so many images are told. */
const imagesTold = 50;

const kibibytes = (quantity: string | undefined): number => {
  const [, digits = "0", unit = ""] = /^(\d+)(Ki|Mi|Gi|)$/.exec(quantity ?? "") ?? [];
  return (Number(digits) * ({ Ki: 1024, Mi: 1_048_576, Gi: 1_073_741_824 }[unit] ?? 1)) / 1024;
};

/** capacity less the hard eviction thresholds. */
function allocatableOf(
  capacity: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const storage = Math.floor(kibibytes(capacity["ephemeral-storage"]) * 1024 * 0.9);
  const memory = kibibytes(capacity.memory) - 100 * 1024;
  return { ...capacity, "ephemeral-storage": String(storage), memory: `${memory}Ki` };
}

const defaultCapacity: Readonly<Record<string, string>> = {
  cpu: "4",
  "ephemeral-storage": "102625208Ki",
  "hugepages-1Gi": "0",
  "hugepages-2Mi": "0",
  memory: "16384000Ki",
  pods: "110",
};

const imagesOf = (images: readonly NodeImage[]): readonly V1ContainerImage[] =>
  images.slice(0, imagesTold).map(({ name, id, sizeBytes }) => ({ names: [id, name], sizeBytes }));

const uuidOf = (text: string): string => {
  const hex = digestOf(text).slice("sha256:".length);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export function nodeStatus(
  node: V1Node,
  told: { readonly ready: boolean; readonly images: readonly NodeImage[]; readonly nowMs: number },
): V1NodeStatus {
  const old: V1NodeStatus = node.status ?? {};
  const name = node.metadata.name ?? "";
  const now = timeText(told.nowMs);
  const before = old.conditions ?? [];
  const made = (type: string, status: string, reason: string, message: string): V1NodeCondition => {
    const last = before.find((condition) => condition.type === type);
    const same = last?.status === status && last.reason === reason;
    return {
      type,
      status,
      lastHeartbeatTime: same ? last.lastHeartbeatTime : now,
      lastTransitionTime: last?.status === status ? last.lastTransitionTime : now,
      reason,
      message,
    };
  };
  const own = [
    made(
      "MemoryPressure",
      "False",
      "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available",
    ),
    made("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    made("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    told.ready
      ? made("Ready", "True", "KubeletReady", "kubelet is posting ready status")
      : made("Ready", "False", "KubeletNotReady", networkNotReady),
  ];
  const foreign = before.filter(({ type }) => !own.some((condition) => condition.type === type));
  const capacity = old.capacity ?? defaultCapacity;
  const next: V1NodeStatus = {
    ...old,
    addresses: old.addresses ?? [{ type: "Hostname", address: name }],
    capacity,
    allocatable: old.allocatable ?? allocatableOf(capacity),
    conditions: [...foreign, ...own],
    declaredFeatures,
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    images: imagesOf(told.images),
    nodeInfo: old.nodeInfo ?? {
      machineID: uuidOf(`machine/${name}`).replaceAll("-", ""),
      systemUUID: uuidOf(`system/${name}`),
      bootID: uuidOf(`boot/${name}`),
      kernelVersion: "6.12.41+deb13-amd64",
      osImage: "Debian GNU/Linux 13 (trixie)",
      containerRuntimeVersion: "containerd://2.2.1",
      kubeletVersion: "v1.36.2",
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
    },
    runtimeHandlers: [
      { name: "", features: { recursiveReadOnlyMounts: true, userNamespaces: true } },
      { name: "runc", features: { recursiveReadOnlyMounts: true, userNamespaces: true } },
    ],
    features: { supplementalGroupsPolicy: true },
  };
  return keep(old, next);
}
