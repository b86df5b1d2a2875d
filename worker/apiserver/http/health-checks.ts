/**
 * What a healthy API server can say of itself: each check looks at the running cluster.
 * Upstream: apiserver/pkg/server/healthz/healthz.go, pkg/server/options/etcd.go, post-start hooks in pkg/controlplane.
 * Differs: some hooks are not listed, because they have no counterpart here.
 */
import { storageKey } from "#apiserver/registry.ts";
import type { ServeWorld } from "./serve.ts";

export interface HealthCheck {
  readonly name: string;
  /** Of /livez and /healthz, of /readyz, or of all. */
  readonly of: "all" | "live" | "ready";
  isOk(world: ServeWorld): boolean;
}

/** Made at the start by the hook of that name. */
const made =
  (gvk: string, namespace: string, name: string) =>
  ({ api }: ServeWorld): boolean => {
    const resource = api.registry.ofKind(gvk);
    return (
      resource !== undefined &&
      api.world.store.get(storageKey(resource, namespace, name)) !== undefined
    );
  };
/** The newest revision can be read from the log. */
const storeAnswers = ({ api: { world } }: ServeWorld): boolean =>
  world.store.row(world.store.revision) !== undefined;
const always = (): boolean => true;
const hook = (name: string, isOk: HealthCheck["isOk"]): HealthCheck => ({
  name: `poststarthook/${name}`,
  of: "all",
  isOk,
});

export const healthChecks: readonly HealthCheck[] = [
  { name: "ping", of: "all", isOk: always },
  { name: "log", of: "all", isOk: always },
  { name: "etcd", of: "all", isOk: storeAnswers },
  { name: "etcd-readiness", of: "ready", isOk: storeAnswers },
  { name: "informer-sync", of: "ready", isOk: ({ queues }) => queues().length > 0 },
  hook("start-system-namespaces-controller", made("v1/Namespace", "", "kube-system")),
  hook("start-service-ip-repair-controllers", made("v1/Service", "default", "kubernetes")),
  hook(
    "rbac/bootstrap-roles",
    made("rbac.authorization.k8s.io/v1/ClusterRole", "", "cluster-admin"),
  ),
  hook(
    "scheduling/bootstrap-system-priority-classes",
    made("scheduling.k8s.io/v1/PriorityClass", "", "system-node-critical"),
  ),
  hook(
    "priority-and-fairness-config-producer",
    made("flowcontrol.apiserver.k8s.io/v1/FlowSchema", "", "exempt"),
  ),
  { name: "shutdown", of: "ready", isOk: always },
];
