/** What the benchmarks apply, to kubestep and to the peer alike. */

type Json = Readonly<Record<string, unknown>>;

export interface DeploymentManifest extends Json {
  readonly spec: { readonly replicas: number } & Json;
}

/** One container with a port and a readiness probe over HTTP. The peer's probes never reach port 80. */
export const deployment = (replicas: number): DeploymentManifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          {
            name: "web",
            image: "web:1.0",
            ports: [{ containerPort: 8080 }],
            readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});

/** Workers for so many replicas: a kubelet takes 110 Pods. */
export const workersFor = (replicas: number): number => Math.max(3, Math.ceil(replicas / 100));

const valueCharacters = 80;
/** About 2 kB of JSON, as stored: 20 values. */
export const configMap = (name: string): Json => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, labels: { app: "web" } },
  data: Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`setting-${i}`, `${i}`.padEnd(valueCharacters, "x")]),
  ),
});

/** A Pod with as many fields to own as one rarely has. */
export const widePod = (name: string): Json => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: "wide" } },
  spec: {
    containers: Array.from({ length: 30 }, (_, i) => ({
      name: `c${i}`,
      image: "nginx:1.27",
      env: [
        { name: "FIRST", value: `${i}` },
        { name: "SECOND", value: `${i}` },
      ],
      ports: [{ containerPort: 8000 + i, name: `p${i}` }],
      resources: { requests: { cpu: "1m", memory: "1Mi" } },
    })),
  },
});
