/** What a cluster itself runs: the control plane, the network's agents, the pause image. */
import { type HttpServer, httpServer } from "#kubelet/programs/http-server.ts";
import type { Program } from "#kubelet/programs/process.ts";
import { quiet } from "#kubelet/programs/process.ts";
import type { Image } from "./image.ts";

const healthy = { status: 200, body: "ok" };
/** Answers its health paths and logs nothing of it. */
const component = (
  ports: readonly number[],
  boot: string,
  more: Pick<HttpServer, "speaks" | "isApiServer"> = {},
): Program =>
  httpServer({
    ports,
    ...more,
    answer: (path) =>
      /^\/(healthz|livez|readyz|health|ready|metrics)?$/.test(path)
        ? healthy
        : { status: 404, body: "404 page not found\n" },
    boot: [[40, boot]],
    stop: { afterMs: 400, code: 0 },
    logs: () => undefined,
  });
const daemon: Program = () => quiet;
const k8s = (name: string): string => `registry.k8s.io/${name}`;

export const pause: Image = {
  repository: k8s("pause"),
  sizeBytes: 320_448,
  entrypoint: ["/pause"],
  distroless: true,
  program: daemon,
};
export const etcd: Image = {
  repository: k8s("etcd"),
  sizeBytes: 23_700_000,
  cmd: ["etcd"],
  distroless: true,
  program: component([2379, 2380, 2381], "ready to serve client requests"),
};
export const kubeApiserver: Image = {
  repository: k8s("kube-apiserver"),
  sizeBytes: 27_200_000,
  cmd: ["kube-apiserver"],
  distroless: true,
  program: component([6443], "Serving securely on [::]:6443", {
    speaks: "tls",
    isApiServer: true,
  }),
};
export const kubeControllerManager: Image = {
  repository: k8s("kube-controller-manager"),
  sizeBytes: 22_900_000,
  cmd: ["kube-controller-manager"],
  distroless: true,
  program: component([10_257], "Serving securely on 127.0.0.1:10257", {
    speaks: "tls",
  }),
};
export const kubeScheduler: Image = {
  repository: k8s("kube-scheduler"),
  sizeBytes: 17_400_000,
  cmd: ["kube-scheduler"],
  distroless: true,
  program: component([10_259], "Serving securely on 127.0.0.1:10259", {
    speaks: "tls",
  }),
};
export const kubeProxy: Image = {
  repository: k8s("kube-proxy"),
  sizeBytes: 25_900_000,
  cmd: ["kube-proxy"],
  distroless: true,
  program: component([10_249, 10_256], "Using iptables Proxier"),
};
export const coredns: Image = {
  repository: k8s("coredns/coredns"),
  sizeBytes: 22_400_000,
  entrypoint: ["/coredns"],
  ports: [53, 9153, 8080, 8181],
  distroless: true,
  user: "nonroot",
  program: httpServer({
    ports: [53, 8080, 8181, 9153],
    speaks: "dns",
    answer: (path) =>
      path === "/health" || path === "/ready"
        ? { status: 200, body: "OK" }
        : { status: 404, body: "404 page not found\n" },
    boot: [
      [15, ".:53"],
      [
        16,
        "[INFO] plugin/reload: Running configuration SHA512 = 591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5f046dd37f1cf888b953814040d180f52594972691cd6ff41be96639138a43908",
      ],
      [17, "CoreDNS-1.14.2"],
    ],
    stop: { afterMs: 5000, code: 0 },
    logs: () => undefined,
  }),
};
export const kindnetd: Image = {
  repository: "docker.io/kindest/kindnetd",
  sizeBytes: 40_500_000,
  cmd: ["/bin/kindnetd"],
  program: daemon,
};
export const flannel: Image = {
  repository: "ghcr.io/flannel-io/flannel",
  sizeBytes: 34_200_000,
  cmd: ["/opt/bin/flanneld"],
  program: daemon,
};
export const flannelCni: Image = {
  repository: "ghcr.io/flannel-io/flannel-cni-plugin",
  sizeBytes: 4_900_000,
  program: daemon,
};
