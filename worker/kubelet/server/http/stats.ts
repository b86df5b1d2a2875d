/**
 * /stats/summary, /metrics and /metrics/resource: what containers use now, in the three forms in which a kubelet
 * tells it.
 * Upstream: pkg/kubelet/server/stats/summary.go, pkg/kubelet/metrics/collectors/resource_metrics.go.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { timeText } from "#apimachinery/time.ts";
import { podUsage, type Usage } from "#kubelet/server/usage.ts";
import { type Endpoint, type EndpointWorld, json, text } from "./endpoint.ts";

interface Used {
  readonly pod: V1Pod;
  readonly containers: ReturnType<typeof podUsage>;
}

const usedOn = ({ kubelets, node, nowMs }: EndpointWorld): readonly Used[] =>
  kubelets
    .podsOn(node.name)
    .map((pod) => ({ pod, containers: podUsage(kubelets, pod, nowMs) }))
    .filter(({ containers }) => containers.length > 0);

const sum = (all: readonly Usage[]): Usage => ({
  cpuNanos: all.reduce((total, { cpuNanos }) => total + cpuNanos, 0),
  memoryBytes: all.reduce((total, { memoryBytes }) => total + memoryBytes, 0),
});

const figures = (time: string, { cpuNanos, memoryBytes }: Usage): object => ({
  cpu: { time, usageNanoCores: cpuNanos },
  memory: { time, usageBytes: memoryBytes, workingSetBytes: memoryBytes, rssBytes: memoryBytes },
});

export const summary: Endpoint = {
  path: "/stats/summary",
  answer(world) {
    const time = timeText(world.nowMs);
    const used = usedOn(world);
    return json({
      node: {
        nodeName: world.node.name,
        startTime: world.node.object?.metadata.creationTimestamp,
        ...figures(time, sum(used.flatMap(({ containers }) => containers))),
      },
      pods: used.map(({ pod: { metadata, status }, containers }) => ({
        podRef: { name: metadata.name, namespace: metadata.namespace, uid: metadata.uid },
        startTime: status?.startTime,
        containers: containers.map(({ name, ...usage }) => ({ name, ...figures(time, usage) })),
        ...figures(time, sum(containers)),
      })),
    });
  },
};

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly (readonly [labels: string, value: number])[];
}
const exposition = (metrics: readonly Metric[]): string =>
  metrics
    .map(
      ({ name, help, type, samples }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples
          .map(([labels, value]) => `${name}${labels === "" ? "" : `{${labels}}`} ${value}\n`)
          .join("")}`,
    )
    .join("");

export const resourceMetrics: Endpoint = {
  path: "/metrics/resource",
  answer(world) {
    const used = usedOn(world);
    const rows = used.flatMap(({ pod: { metadata }, containers }) =>
      containers.map((one) => ({
        labels: `container="${one.name}",namespace="${metadata.namespace}",pod="${metadata.name}"`,
        ...one,
      })),
    );
    const node = sum(rows);
    return text(
      exposition([
        {
          name: "container_memory_working_set_bytes",
          help: "[STABLE] Current working set of the container in bytes",
          type: "gauge",
          samples: rows.map(({ labels, memoryBytes }) => [labels, memoryBytes]),
        },
        {
          name: "node_memory_working_set_bytes",
          help: "[STABLE] Current working set of the node in bytes",
          type: "gauge",
          samples: [["", node.memoryBytes]],
        },
        {
          name: "resource_scrape_error",
          help: "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise",
          type: "gauge",
          samples: [["", 0]],
        },
      ]),
    );
  },
};

export const metrics: Endpoint = {
  path: "/metrics",
  answer({ node }) {
    const containers = node.state.pods().flatMap((pod) => pod.containers);
    const count = (wanted: string): number =>
      containers.filter(({ state }) => state === wanted).length;
    const states = ["created", "exited", "running"];
    return text(
      exposition([
        {
          name: "kubelet_node_name",
          help: "[ALPHA] The node's name. The count is always 1.",
          type: "gauge",
          samples: [[`node="${node.name}"`, 1]],
        },
        {
          name: "kubelet_running_containers",
          help: "[ALPHA] Number of containers currently running",
          type: "gauge",
          samples: states.map((state) => [`container_state="${state}"`, count(state)]),
        },
        {
          name: "kubelet_running_pods",
          help: "[ALPHA] Number of pods that have a running pod sandbox",
          type: "gauge",
          samples: [
            ["", node.state.pods().filter(({ sandbox }) => sandbox?.stopped === false).length],
          ],
        },
      ]),
    );
  },
};
