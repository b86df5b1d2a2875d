/** /healthz, /pods, /runningpods and /configz. Upstream: pkg/kubelet/server/server.go getPods, getRunningPods. */
import { type Endpoint, json, text } from "./endpoint.ts";

const list = (items: readonly object[]): unknown => ({
  kind: "PodList",
  apiVersion: "v1",
  metadata: {},
  items,
});

export const healthz: Endpoint = { path: "/healthz", answer: () => text("ok") };

/** All that are bound to the node. */
export const pods: Endpoint = {
  path: "/pods",
  answer: ({ kubelets, node }) => json(list(kubelets.podsOn(node.name))),
};

/** Those with a container that runs, as the runtime tells of them. */
export const runningPods: Endpoint = {
  path: "/runningpods/",
  answer: ({ node }) =>
    json(
      list(
        node.state
          .pods()
          .filter(({ containers }) => containers.some(({ state }) => state === "running"))
          .map(({ name, namespace, uid, containers }) => ({
            metadata: { name, namespace, uid },
            spec: {
              containers: containers
                .filter(({ state }) => state === "running")
                .map((one) => ({ name: one.name, image: one.imageId, resources: {} })),
            },
            status: {},
          })),
      ),
    ),
};

export const configz: Endpoint = {
  path: "/configz",
  answer({ kubelets }) {
    const { clusterDns, clusterDomain } = kubelets.names;
    return json({
      kubeletconfig: {
        enableServer: true,
        staticPodPath: "/etc/kubernetes/manifests",
        syncFrequency: "1m0s",
        address: "0.0.0.0",
        port: 10_250,
        authentication: { webhook: { enabled: true }, anonymous: { enabled: false } },
        authorization: { mode: "Webhook" },
        clusterDomain,
        clusterDNS: clusterDns,
        nodeStatusUpdateFrequency: "10s",
        nodeLeaseDurationSeconds: 40,
        maxPods: 110,
        serializeImagePulls: true,
        containerLogMaxSize: "10Mi",
        containerLogMaxFiles: 5,
        kind: "KubeletConfiguration",
        apiVersion: "kubelet.config.k8s.io/v1beta1",
      },
    });
  },
};
