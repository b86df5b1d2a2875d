/**
 * A corpus of requests that no server may take: each is refused with a 4xx Status and changes nothing.
 * One line a request: what is wrong with it, method and path, the body as it is sent, its content type.
 */
export interface Malformed {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = "application/json";
const pods = "/api/v1/namespaces/default/pods";
const maps = "/api/v1/namespaces/default/configmaps";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const services = "/api/v1/namespaces/default/services";

const sent = (
  what: string,
  method: string,
  path: string,
  body?: Malformed["body"],
  contentType: string = json,
  headers: Readonly<Record<string, string>> = {},
): Malformed => ({
  what,
  method,
  path,
  ...(body === undefined ? {} : { body }),
  headers: { ...(body === undefined ? {} : { "content-type": contentType }), ...headers },
});
const posted = (what: string, path: string, object: unknown): Malformed =>
  sent(what, "POST", path, typeof object === "string" ? object : JSON.stringify(object));

const configMap = (metadata: object, more: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata,
  ...more,
});

/** What is no JSON, or JSON of no object. */
const texts: readonly Malformed[] = [
  "{",
  "}",
  "[",
  '{"a"',
  '{"a":}',
  '{"a":1,}',
  "{'a':1}",
  "nul",
  "tru",
  "01",
  '"',
  '"\\x"',
  "[1,",
  "{]",
  '{"kind":"ConfigMap","apiVersion":"v1"',
  "\u0001",
  "// no",
  "<xml/>",
  "a=b&c=d",
  "NaN",
  "Infinity",
  "undefined",
  "[]",
  "null",
  "true",
  "1",
  '"text"',
  "[{}]",
  "{}{}",
  '{"a":1}]',
  "{}",
].map((body) => posted(`the body ${JSON.stringify(body)}`, maps, body));

/** YAML that is none, or that unfolds without end. */
const yamls: readonly Malformed[] = [
  "a: b: c",
  "\ta: b",
  "a: [",
  "a: {",
  "- a\nb",
  "a: 'x",
  "%TAG",
  "a: &a [*a]",
  "? [",
  "key: |\n x\n y: z\n  - q",
  "a: !!binary %",
  `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]`,
  "just text",
  "- 1\n- 2",
  "",
  "---\n---\n",
  "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: ConfigMap\n",
].map((body) =>
  sent(`the YAML ${JSON.stringify(body.slice(0, 30))}`, "POST", maps, body, "application/yaml"),
);

const bytes = (...values: readonly number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
/** Protobuf that is cut, lies about its lengths, or is none. */
const protobufs: readonly Malformed[] = [
  bytes(),
  bytes(0),
  bytes(0x6b, 0x38, 0x73),
  bytes(0x6b, 0x38, 0x73, 0),
  bytes(0x6b, 0x38, 0x73, 0, 0x0a),
  bytes(0x6b, 0x38, 0x73, 0, 0x0a, 0xff),
  bytes(0x6b, 0x38, 0x73, 0, 0x0a, 4, 1, 2),
  bytes(0x6b, 0x38, 0x73, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  bytes(0x6b, 0x38, 0x73, 0, 0x12, 0x80, 0x80, 0x80, 0x80, 8),
  bytes(1, 2, 3, 4, 5, 6, 7, 8),
  bytes(0x7b, 0x7d),
  bytes(0x6b, 0x38, 0x73, 0, 7),
  bytes(0x6b, 0x38, 0x73, 0, 0x0b),
].map((body, n) =>
  sent(`protobuf ${n}`, "POST", maps, body, "application/vnd.kubernetes.protobuf"),
);

const contentTypes: readonly Malformed[] = [
  "text/plain",
  "application/xml",
  "application/cbor",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "application/merge-patch+json",
  "image/png",
  "x",
  "application/apply-patch+yaml",
  "application/vnd.api+json",
].map((type) => sent(`a POST of ${type}`, "POST", maps, "{}", type));
const patchTypes: readonly Malformed[] = [
  "application/json",
  "application/yaml",
  "text/plain",
  "application/cbor",
  "application/vnd.kubernetes.protobuf",
  "application/patch+json",
].map((type) => sent(`a PATCH of ${type}`, "PATCH", `${maps}/victim`, "{}", type));
const accepts: readonly Malformed[] = [
  "text/html",
  "image/*",
  "application/xml",
  "application/cbor",
  "application/json;as=Chart;v=v1;g=meta.k8s.io",
  "application/json;as=Table;v=v9;g=meta.k8s.io",
].map((accept) => sent(`Accept: ${accept}`, "GET", `${maps}/victim`, undefined, json, { accept }));

/** Paths of nothing. */
const paths: readonly Malformed[] = [
  "/api/v2",
  "/api/v1/nosuch",
  "/api/v1/namespaces/default/nosuch",
  "/api/v1/namespaces/default/pods/x/nosuch",
  "/apis/apps/v9/deployments",
  "/apis/nosuch/v1/things",
  "/apis/apps",
  "/api/v1/namespaces/default/nodes",
  "/api/v1/pods/x",
  "/apis/apps/v1/deployments/x",
  "/api/v1/namespaces//pods/x",
  "/api/v1/namespaces/default/pods/none",
  "/api/v1/namespaces/default/pods/none/log",
  "/api/v1/namespaces/default/pods/none/status",
  "/api/v1/nodes/none",
  "/api/v1/namespaces/none",
  "/apis/apps/v1/namespaces/default/deployments/none/scale",
  "/nosuch",
  "/healthz/nosuch",
  "/livez/nosuch",
  "/openapi/v9",
  "/openapi/v3/apis/nosuch/v1",
  "/apis/batch/v1beta1/cronjobs",
  "/apis/extensions/v1beta1/ingresses",
  "/api/v1/namespaces/default/pods/%2e%2e/log",
  "/api/v1/namespaces/default/configmaps/a%2Fb",
  "/api/v1/namespaces/default/configmaps/%00",
  "/api/v1/namespaces/default/configmaps/%FF",
]
  .filter((path) => path !== "/apis/apps")
  .map((path) => sent(`GET ${path}`, "GET", path));

const verbs: readonly Malformed[] = [
  ["PUT", maps],
  ["PATCH", maps],
  ["POST", `${maps}/victim`],
  ["POST", "/api/v1/nodes/worker-1"],
  ["DELETE", "/api/v1/namespaces"],
  ["PUT", "/apis/apps/v1/deployments"],
  ["POST", "/api/v1/componentstatuses"],
  ["DELETE", "/api/v1/namespaces/default/services/kubernetes/status"],
  ["POST", "/version"],
  ["DELETE", "/apis"],
  ["PUT", "/healthz"],
  ["GET", "/apis/authorization.k8s.io/v1/subjectaccessreviews"],
  ["GET", "/api/v1/namespaces/default/bindings"],
  ["PATCH", "/api/v1/namespaces/default/pods/victim/binding"],
  ["POST", "/apis/apps/v1/deployments"],
  ["POST", "/api/v1/pods"],
  ["DELETE", `${pods}/victim/log`],
  ["PUT", `${pods}/victim/eviction`],
].map(([method = "", path = ""]) =>
  sent(
    `${method} ${path}`,
    method,
    path,
    method === "GET" ? undefined : "{}",
    method === "PATCH" ? "application/merge-patch+json" : json,
  ),
);

const queries: readonly Malformed[] = [
  "limit=x",
  "limit=1.5",
  "continue=x",
  "continue=e30",
  "resourceVersion=x",
  "resourceVersion=-1",
  "resourceVersionMatch=Exact",
  "resourceVersion=1&resourceVersionMatch=x",
  "resourceVersion=0&resourceVersionMatch=Exact",
  "labelSelector=a%20b",
  "labelSelector=(",
  "labelSelector=a%20in",
  "labelSelector=a%20in%20(",
  "labelSelector=a%3D%3D%3Db",
  "labelSelector=-a%3Db",
  "labelSelector=a%3D%20b%20c",
  `labelSelector=${"a".repeat(64)}`,
  `labelSelector=a%3D${"b".repeat(64)}`,
  "labelSelector=a%20notin%20x",
  "labelSelector=!",
  "labelSelector=a%3Eb",
  "fieldSelector=x",
  "fieldSelector=spec.nosuch%3D1",
  "fieldSelector=metadata.labels.a%3D1",
  "fieldSelector=%3D1",
  "fieldSelector=metadata.name%3Ea",
  "watch=1&resourceVersion=x",
  "watch=1&timeoutSeconds=x",
  "watch=1&sendInitialEvents=true",
  "watch=1&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1",
  "sendInitialEvents=true",
].map((query) => sent(`GET ?${query}`, "GET", `${pods}?${query}`));
const writeQueries: readonly Malformed[] = [
  "dryRun=Some",
  "dryRun=",
  "dryRun=All&dryRun=x",
  "fieldValidation=Loud",
  `fieldManager=${"x".repeat(129)}`,
  "fieldManager=%01",
  "force=true",
]
  .filter((query) => query !== "dryRun=")
  .flatMap((query) => [
    ...(query === "force=true"
      ? []
      : [posted(`POST ?${query}`, `${maps}?${query}`, configMap({ name: "queried" }))]),
    sent(
      `PATCH ?${query}`,
      "PATCH",
      `${maps}/victim?${query}`,
      "{}",
      "application/merge-patch+json",
    ),
  ]);

const badNames = [
  "",
  "A",
  "a_b",
  "-a",
  "a-",
  "a..b",
  ".a",
  "a/b",
  "a b",
  "ä",
  "a".repeat(254),
  "a%",
  "a:b",
  "\u0000",
  "..",
  ".",
];
const names: readonly Malformed[] = badNames.flatMap((name) => [
  posted(`a ConfigMap named ${JSON.stringify(name.slice(0, 12))}`, maps, configMap({ name })),
  posted(`a Namespace named ${JSON.stringify(name.slice(0, 12))}`, "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }),
]);
const metas: readonly (readonly [string, object])[] = [
  ["a label's key", { labels: { "a b": "c" } }],
  ["a label's value", { labels: { a: "b c" } }],
  ["a long label", { labels: { a: "b".repeat(64) } }],
  ["an empty label key", { labels: { "": "x" } }],
  ["a label that is a number", { labels: { a: 1 } }],
  ["labels that are a list", { labels: ["a"] }],
  ["labels that are text", { labels: "a" }],
  ["an annotation's key", { annotations: { "a b": "c" } }],
  ["annotations too big", { annotations: { a: "x".repeat(262145) } }],
  ["an annotation that is a number", { annotations: { a: true } }],
  ["a finalizer without a domain's form", { finalizers: ["a b"] }],
  ["finalizers that are text", { finalizers: "x" }],
  ["an owner without uid", { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "x" }] }],
  ["an owner without kind", { ownerReferences: [{ apiVersion: "v1", name: "x", uid: "u" }] }],
  [
    "two controllers",
    {
      ownerReferences: [
        { apiVersion: "v1", kind: "Pod", name: "x", uid: "u", controller: true },
        { apiVersion: "v1", kind: "Pod", name: "y", uid: "w", controller: true },
      ],
    },
  ],
  ["another namespace", { namespace: "kube-system" }],
  ["a namespace that is none", { namespace: "A" }],
  ["a resourceVersion", { resourceVersion: "1" }],
  ["a time that is none", { creationTimestamp: "yesterday" }],
  ["a generation that is text", { generation: "x" }],
  ["a name that is a number", { name: 1 }],
  ["a name that is a list", { name: ["x"] }],
  ["managedFields of no form", { managedFields: "x" }],
  ["managedFields of text", { managedFields: ["x"] }],
];
const metadata: readonly Malformed[] = metas.map(([what, more]) =>
  posted(what, maps, configMap({ name: "meta", ...more })),
);
const typeMetas: readonly Malformed[] = (
  [
    ["another kind", { apiVersion: "v1", kind: "Secret" }],
    ["another version", { apiVersion: "v2", kind: "ConfigMap" }],
    ["another group", { apiVersion: "apps/v1", kind: "ConfigMap" }],
    ["a kind that is a number", { apiVersion: "v1", kind: 1 }],
    ["a version that is a list", { apiVersion: ["v1"], kind: "ConfigMap" }],
    ["no metadata", { apiVersion: "v1", kind: "ConfigMap" }],
    ["metadata that is text", { apiVersion: "v1", kind: "ConfigMap", metadata: "x" }],
    ["metadata that is a list", { apiVersion: "v1", kind: "ConfigMap", metadata: [] }],
    ["a list of them", { apiVersion: "v1", kind: "ConfigMapList", items: [] }],
    ["an unknown kind", { apiVersion: "v1", kind: "Nosuch", metadata: { name: "x" } }],
  ] as const
).map(([what, object]) => posted(what, maps, object));
const datas: readonly Malformed[] = (
  [
    ["data of numbers", { data: { a: 1 } }],
    ["data that is a list", { data: ["a"] }],
    ["a data key", { data: { "a/b": "c" } }],
    ["a key of dots", { data: { "..": "c" } }],
    ["binary data that is none", { binaryData: { a: "%%%" } }],
    ["one key twice", { data: { a: "x" }, binaryData: { a: "eA==" } }],
    ["immutable that is text", { immutable: "yes" }],
    ["too much data", { data: { a: "x".repeat(1_048_577) } }],
    ["a body beyond any", { data: { a: "x".repeat(3 * 1024 * 1024) } }],
  ] as const
).map(([what, more]) => posted(what, maps, configMap({ name: "data" }, more)));

const container = { name: "c", image: "nginx" };
const pod = (spec: object): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "bad" },
  spec,
});
const podSpecs: readonly Malformed[] = (
  [
    ["no containers", {}],
    ["an empty list of containers", { containers: [] }],
    ["containers that are an object", { containers: {} }],
    ["a container that is text", { containers: ["c"] }],
    ["no container name", { containers: [{ image: "x" }] }],
    ["a container name in capitals", { containers: [{ ...container, name: "C" }] }],
    ["the same container twice", { containers: [container, container] }],
    ["no image", { containers: [{ name: "c" }] }],
    ["an image with spaces around", { containers: [{ ...container, image: " nginx " }] }],
    ["a port of 0", { containers: [{ ...container, ports: [{ containerPort: 0 }] }] }],
    ["a port of 70000", { containers: [{ ...container, ports: [{ containerPort: 70000 }] }] }],
    ["a port that is text", { containers: [{ ...container, ports: [{ containerPort: "http" }] }] }],
    [
      "a port's long name",
      {
        containers: [
          { ...container, ports: [{ containerPort: 80, name: "a-very-long-port-name" }] },
        ],
      },
    ],
    [
      "a protocol of none",
      { containers: [{ ...container, ports: [{ containerPort: 80, protocol: "ICMP" }] }] },
    ],
    [
      "one host port twice",
      {
        containers: [
          {
            ...container,
            ports: [
              { containerPort: 80, hostPort: 8080 },
              { containerPort: 81, hostPort: 8080 },
            ],
          },
        ],
      },
    ],
    ["a pull policy of none", { containers: [{ ...container, imagePullPolicy: "Sometimes" }] }],
    ["an env name", { containers: [{ ...container, env: [{ name: "a=b", value: "x" }] }] }],
    [
      "an env of two sources",
      {
        containers: [
          {
            ...container,
            env: [
              { name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            ],
          },
        ],
      },
    ],
    [
      "a field that is none",
      {
        containers: [
          {
            ...container,
            env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.nosuch" } } }],
          },
        ],
      },
    ],
    [
      "a source without any",
      { containers: [{ ...container, env: [{ name: "A", valueFrom: {} }] }] },
    ],
    [
      "a quantity that is none",
      { containers: [{ ...container, resources: { requests: { cpu: "lots" } } }] },
    ],
    [
      "a negative quantity",
      { containers: [{ ...container, resources: { requests: { cpu: "-1" } } }] },
    ],
    [
      "more asked than allowed",
      {
        containers: [{ ...container, resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }],
      },
    ],
    [
      "a resource of no name",
      { containers: [{ ...container, resources: { requests: { "a b": "1" } } }] },
    ],
    [
      "a mount of no volume",
      { containers: [{ ...container, volumeMounts: [{ name: "v", mountPath: "/x" }] }] },
    ],
    [
      "a mount without path",
      {
        containers: [{ ...container, volumeMounts: [{ name: "v" }] }],
        volumes: [{ name: "v", emptyDir: {} }],
      },
    ],
    [
      "a volume without source's name",
      { containers: [container], volumes: [{ name: "v", configMap: {} }] },
    ],
    [
      "a volume of two sources",
      { containers: [container], volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/" } }] },
    ],
    [
      "the same volume twice",
      {
        containers: [container],
        volumes: [
          { name: "v", emptyDir: {} },
          { name: "v", emptyDir: {} },
        ],
      },
    ],
    ["a probe without handler", { containers: [{ ...container, livenessProbe: {} }] }],
    [
      "a probe of two handlers",
      {
        containers: [
          { ...container, livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } },
        ],
      },
    ],
    [
      "a probe without port",
      { containers: [{ ...container, readinessProbe: { httpGet: { path: "/" } } }] },
    ],
    [
      "a liveness that succeeds twice",
      {
        containers: [
          { ...container, livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } },
        ],
      },
    ],
    [
      "a negative period",
      {
        containers: [
          { ...container, livenessProbe: { tcpSocket: { port: 1 }, periodSeconds: -1 } },
        ],
      },
    ],
    ["a restart policy of none", { containers: [container], restartPolicy: "Perhaps" }],
    ["a DNS policy of none", { containers: [container], dnsPolicy: "Here" }],
    ["a DNS of nothing", { containers: [container], dnsPolicy: "None" }],
    ["a deadline of 0", { containers: [container], activeDeadlineSeconds: 0 }],
    ["a node selector's value", { containers: [container], nodeSelector: { a: "b c" } }],
    ["a node name in capitals", { containers: [container], nodeName: "NODE" }],
    ["a host name in capitals", { containers: [container], hostname: "HOST" }],
    ["an account in capitals", { containers: [container], serviceAccountName: "Robot" }],
    ["an account that is not there", { containers: [container], serviceAccountName: "nobody" }],
    [
      "a priority class that is not there",
      { containers: [container], priorityClassName: "nosuch" },
    ],
    [
      "a toleration's operator",
      { containers: [container], tolerations: [{ key: "a", operator: "Like" }] },
    ],
    [
      "a toleration of Exists with a value",
      { containers: [container], tolerations: [{ key: "a", operator: "Exists", value: "b" }] },
    ],
    [
      "seconds without NoExecute",
      {
        containers: [container],
        tolerations: [{ key: "a", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 5 }],
      },
    ],
    [
      "an affinity's operator",
      {
        containers: [container],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Like" }] }],
            },
          },
        },
      },
    ],
    [
      "In without values",
      {
        containers: [container],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In" }] }],
            },
          },
        },
      },
    ],
    [
      "no terms",
      {
        containers: [container],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
          },
        },
      },
    ],
    [
      "a pod affinity without topology",
      {
        containers: [container],
        affinity: {
          podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] },
        },
      },
    ],
    [
      "a spread of skew 0",
      {
        containers: [container],
        topologySpreadConstraints: [
          { maxSkew: 0, topologyKey: "x", whenUnsatisfiable: "DoNotSchedule" },
        ],
      },
    ],
    [
      "a spread's answer",
      {
        containers: [container],
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "x", whenUnsatisfiable: "Maybe" }],
      },
    ],
    ["a lifecycle of nothing", { containers: [{ ...container, lifecycle: { preStop: {} } }] }],
    ["a user of -1", { containers: [{ ...container, securityContext: { runAsUser: -1 } }] }],
    [
      "ephemeral containers at creation",
      { containers: [container], ephemeralContainers: [{ name: "e", image: "x" }] },
    ],
    ["an unknown OS", { containers: [container], os: { name: "plan9" } }],
    ["a spec that is a list", []],
    ["a flag that is text", { containers: [container], hostNetwork: "true" }],
    ["a number that is text", { containers: [container], terminationGracePeriodSeconds: "5" }],
    ["a fraction", { containers: [container], terminationGracePeriodSeconds: 1.5 }],
    ["a number beyond int64", { containers: [container], terminationGracePeriodSeconds: 1e30 }],
  ] as const
).map(([what, spec]) => posted(`a Pod with ${what}`, pods, pod(spec)));

const deployment = (spec: object): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "bad" },
  spec,
});
const template = { metadata: { labels: { app: "x" } }, spec: { containers: [container] } };
const selector = { matchLabels: { app: "x" } };
const deploymentSpecs: readonly Malformed[] = (
  [
    ["nothing", {}],
    ["no selector", { template }],
    ["an empty selector", { template, selector: {} }],
    ["a selector that does not match", { template, selector: { matchLabels: { app: "y" } } }],
    ["no template", { selector }],
    ["negative replicas", { selector, template, replicas: -1 }],
    ["replicas of text", { selector, template, replicas: "3" }],
    ["replicas of a fraction", { selector, template, replicas: 1.5 }],
    ["a strategy of none", { selector, template, strategy: { type: "Wild" } }],
    [
      "Recreate with a rolling update",
      { selector, template, strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
    ],
    [
      "no surge and nothing unavailable",
      { selector, template, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
    ],
    [
      "a percentage that is none",
      { selector, template, strategy: { rollingUpdate: { maxSurge: "x%" } } },
    ],
    [
      "more than all unavailable",
      { selector, template, strategy: { rollingUpdate: { maxUnavailable: "101%" } } },
    ],
    ["negative minReadySeconds", { selector, template, minReadySeconds: -1 }],
    [
      "a deadline before ready",
      { selector, template, minReadySeconds: 10, progressDeadlineSeconds: 5 },
    ],
    ["a negative history", { selector, template, revisionHistoryLimit: -1 }],
    [
      "Pods that never restart",
      {
        selector,
        template: { ...template, spec: { containers: [container], restartPolicy: "Never" } },
      },
    ],
    [
      "a deadline in the template",
      {
        selector,
        template: { ...template, spec: { containers: [container], activeDeadlineSeconds: 5 } },
      },
    ],
    [
      "an operator of none",
      { template, selector: { matchExpressions: [{ key: "app", operator: "Like" }] } },
    ],
    [
      "Exists with values",
      {
        template,
        selector: { matchExpressions: [{ key: "app", operator: "Exists", values: ["x"] }] },
      },
    ],
  ] as const
).map(([what, spec]) => posted(`a Deployment with ${what}`, deployments, deployment(spec)));

const service = (spec: object): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "bad" },
  spec,
});
const serviceSpecs: readonly Malformed[] = (
  [
    ["no ports", { selector: { a: "b" } }],
    ["a port of 0", { ports: [{ port: 0 }] }],
    ["a port of 70000", { ports: [{ port: 70000 }] }],
    ["two ports without names", { ports: [{ port: 1 }, { port: 2 }] }],
    [
      "one name twice",
      {
        ports: [
          { name: "a", port: 1 },
          { name: "a", port: 2 },
        ],
      },
    ],
    [
      "one port twice",
      {
        ports: [
          { name: "a", port: 1 },
          { name: "b", port: 1 },
        ],
      },
    ],
    ["a protocol of none", { ports: [{ port: 1, protocol: "ICMP" }] }],
    ["a target's name", { ports: [{ port: 1, targetPort: "A B" }] }],
    ["a type of none", { type: "Wild", ports: [{ port: 1 }] }],
    ["an address that is none", { clusterIP: "x", ports: [{ port: 1 }] }],
    ["an address outside", { clusterIP: "8.8.8.8", ports: [{ port: 1 }] }],
    ["an address that is taken", { clusterIP: "10.96.0.1", ports: [{ port: 1 }] }],
    ["a node port outside", { type: "NodePort", ports: [{ port: 1, nodePort: 80 }] }],
    ["a node port of a ClusterIP", { ports: [{ port: 1, nodePort: 30000 }] }],
    ["an external name of none", { type: "ExternalName" }],
    ["an external name in capitals", { type: "ExternalName", externalName: "EXAMPLE COM" }],
    ["an affinity of none", { sessionAffinity: "Some", ports: [{ port: 1 }] }],
    ["a selector's value", { selector: { a: "b c" }, ports: [{ port: 1 }] }],
    ["an external address that is none", { externalIPs: ["x"], ports: [{ port: 1 }] }],
    [
      "a traffic policy of none",
      { type: "NodePort", externalTrafficPolicy: "Some", ports: [{ port: 1 }] },
    ],
  ] as const
).map(([what, spec]) => posted(`a Service with ${what}`, services, service(spec)));

const patch = (
  what: string,
  body: string,
  type: string,
  path: string = `${maps}/victim`,
): Malformed =>
  sent(`a ${type} patch: ${what}`, "PATCH", path, body, `application/${type}-patch+json`);
const patches: readonly Malformed[] = [
  ...[
    "{",
    "1",
    "null",
    "{}",
    '"x"',
    '[{"op":"nosuch","path":"/a"}]',
    '[{"op":"add"}]',
    '[{"path":"/a"}]',
    '[{"op":"remove","path":"/nosuch"}]',
    '[{"op":"replace","path":"/nosuch/deep","value":1}]',
    '[{"op":"test","path":"/data/a","value":"other"}]',
    '[{"op":"add","path":"data","value":{}}]',
    '[{"op":"move","path":"/data/b"}]',
    '[{"op":"copy","from":"/nosuch","path":"/data/b"}]',
    '[{"op":"add","path":"/data/a","value":5}]',
    '[{"op":"replace","path":"/metadata/name","value":"x"}]',
    '[{"op":"replace","path":"/kind","value":"Secret"}]',
    '[{"op":"remove","path":"/metadata"}]',
    '[{"op":"add","path":"/metadata/labels","value":{"a b":"c"}}]',
    '["x"]',
    "[1]",
  ].map((body) => patch(body, body, "json")),
  ...[
    "{",
    "[]",
    "1",
    '"x"',
    '{"metadata":{"name":"x"}}',
    '{"kind":"Secret"}',
    '{"apiVersion":"v2"}',
    '{"data":{"a":1}}',
    '{"data":[]}',
    '{"metadata":{"labels":{"a b":"c"}}}',
    '{"metadata":{"resourceVersion":"1"}}',
    '{"metadata":{"uid":"x"}}',
    '{"metadata":"x"}',
    '{"metadata":{"namespace":"kube-system"}}',
  ].map((body) => patch(body, body, "merge")),
  ...[
    "{",
    "[]",
    "1",
    '{"data":{"a":1}}',
    '{"metadata":{"labels":{"a b":"c"}}}',
    '{"metadata":{"$patch":"nosuch"}}',
    '{"metadata":{"name":"x"}}',
  ].map((body) => patch(body, body, "strategic-merge")),
  ...[
    '{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}',
    '{"spec":{"template":{"spec":{"containers":"x"}}}}',
    '{"spec":{"selector":{"matchLabels":{"app":"other"}}}}',
    '{"spec":{"replicas":-1}}',
    '{"spec":{"replicas":"x"}}',
  ].map((body) =>
    patch(
      body,
      body,
      "strategic-merge",
      "/apis/apps/v1/namespaces/kube-system/deployments/coredns",
    ),
  ),
  ...[
    "{",
    "[]",
    "x",
    "{}",
    "kind: ConfigMap",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: victim}",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: victim}\ndata: {a: 1}",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: victim}\ndata: []",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: victim, managedFields: [{}]}",
  ].map((body) =>
    sent(
      `an apply: ${JSON.stringify(body)}`,
      "PATCH",
      `${maps}/victim?fieldManager=t`,
      body,
      "application/apply-patch+yaml",
    ),
  ),
  sent(
    "an apply without a manager",
    "PATCH",
    `${maps}/victim`,
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: victim}",
    "application/apply-patch+yaml",
  ),
];

const subresources: readonly Malformed[] = [
  posted("a binding of nothing", `${pods}/none/binding`, {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "none" },
    target: { kind: "Node", name: "worker-1" },
  }),
  posted("a binding without target", `${pods}/victim/binding`, {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "victim" },
  }),
  posted("a binding to no node", `${pods}/victim/binding`, {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "victim" },
    target: { kind: "Pod", name: "x" },
  }),
  posted("an eviction of nothing", `${pods}/none/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: "none" },
  }),
  posted("an eviction of another", `${pods}/victim/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: "other" },
  }),
  sent(
    "a scale of -1",
    "PATCH",
    "/apis/apps/v1/namespaces/kube-system/deployments/coredns/scale",
    '{"spec":{"replicas":-1}}',
    "application/merge-patch+json",
  ),
  sent(
    "a scale of text",
    "PATCH",
    "/apis/apps/v1/namespaces/kube-system/deployments/coredns/scale",
    '{"spec":{"replicas":"x"}}',
    "application/merge-patch+json",
  ),
  posted("a token for nobody", "/api/v1/namespaces/default/serviceaccounts/nobody/token", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  }),
  posted("a token of one second", "/api/v1/namespaces/default/serviceaccounts/default/token", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 1 },
  }),
  sent("logs of no such container", "GET", `${pods}/victim/log?container=nosuch`),
  sent("logs with a number that is none", "GET", `${pods}/victim/log?tailLines=x`),
  sent("logs of a negative tail", "GET", `${pods}/victim/log?tailLines=-1`),
  posted("a review without spec", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {},
  }),
  posted("a review of both sorts", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb: "get" }, nonResourceAttributes: { path: "/" } },
  }),
  sent("a finalize that is none", "PUT", "/api/v1/namespaces/default/finalize", "[]"),
  sent("an exec that is no stream", "GET", `${pods}/victim/exec?command=ls`),
];

const deletes: readonly Malformed[] = [
  sent("a delete of nothing", "DELETE", `${maps}/none`),
  sent("a delete with text", "DELETE", `${maps}/victim`, "x"),
  sent("a delete with a list", "DELETE", `${maps}/victim`, "[]"),
  sent("another uid", "DELETE", `${maps}/victim`, '{"preconditions":{"uid":"x"}}'),
  sent("another revision", "DELETE", `${maps}/victim`, '{"preconditions":{"resourceVersion":"1"}}'),
  sent("a policy of none", "DELETE", `${maps}/victim`, '{"propagationPolicy":"Perhaps"}'),
  sent("a policy of none in the query", "DELETE", `${maps}/victim?propagationPolicy=Perhaps`),
  sent(
    "two ways of orphaning",
    "DELETE",
    `${maps}/victim`,
    '{"propagationPolicy":"Orphan","orphanDependents":true}',
  ),
  sent("a negative grace", "DELETE", `${pods}/victim`, '{"gracePeriodSeconds":"x"}'),
  sent("a dry run of none", "DELETE", `${maps}/victim?dryRun=Some`),
  sent("the namespace default", "DELETE", "/api/v1/namespaces/default"),
  sent("the namespace kube-system", "DELETE", "/api/v1/namespaces/kube-system"),
  sent("a collection by a bad selector", "DELETE", `${maps}?labelSelector=(`),
  sent("a kind that is none", "DELETE", `${maps}/victim`, '{"kind":"Nosuch","apiVersion":"v1"}'),
];

const identities: readonly Malformed[] = [
  sent("a wrong token", "GET", pods, undefined, json, { authorization: "Bearer nonsense" }),
  sent("a token of three parts", "GET", pods, undefined, json, { authorization: "Bearer a.b.c" }),
  sent("an impersonated nobody", "GET", pods, undefined, json, { "impersonate-user": "nobody" }),
  sent("a group without a user", "GET", pods, undefined, json, {
    "impersonate-group": "system:masters",
  }),
  sent("an extra without a user", "GET", pods, undefined, json, { "impersonate-extra-a": "b" }),
  sent("a uid without a user", "GET", pods, undefined, json, { "impersonate-uid": "u" }),
];

export const corpus: readonly Malformed[] = [
  ...texts,
  ...yamls,
  ...protobufs,
  ...contentTypes,
  ...patchTypes,
  ...accepts,
  ...paths,
  ...verbs,
  ...queries,
  ...writeQueries,
  ...names,
  ...metadata,
  ...typeMetas,
  ...datas,
  ...podSpecs,
  ...deploymentSpecs,
  ...serviceSpecs,
  ...patches,
  ...subresources,
  ...deletes,
  ...identities,
];
