/** Defaults of Pods and of Pod templates. Upstream: pkg/apis/core/v1/defaults.go. */
import type {
  V1Container,
  V1EphemeralContainer,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Probe,
  V1ResourceRequirements,
  V1Volume,
} from "#apimachinery/api/core-v1.ts";
import { claimDefaults } from "#apiserver/kinds/core/claim-spec.ts";
import { at, each, fill } from "#apiserver/kinds/fill.ts";
import { isHugePages, isOvercommitAllowed, isPodLevel } from "#apiserver/kinds/rules/resource.ts";
import { tagOf } from "./image-reference.ts";
import { aggregate } from "./resources.ts";

const everyone = 420; // 0644

const pullPolicy = (image: string): "Always" | "IfNotPresent" =>
  tagOf(image) === "latest" ? "Always" : "IfNotPresent";

const httpGet = { path: "/", scheme: "HTTP" } as const;
function probe(given: V1Probe): V1Probe {
  const timed = fill(given, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  const http = at(timed, "httpGet", (action) => fill(action, httpGet));
  return at(http, "grpc", (action) => fill(action, { service: "" }));
}

function container<C extends V1Container | V1EphemeralContainer>(given: C): C {
  let made: V1Container = fill(given as V1Container, {
    imagePullPolicy: given.imagePullPolicy ?? pullPolicy(given.image ?? ""),
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
  made = at(made, "ports", (ports) => each(ports, (port) => fill(port, { protocol: "TCP" })));
  made = at(made, "env", (env) =>
    each(env, (variable) =>
      at(variable, "valueFrom", (from) =>
        at(from, "fieldRef", (ref) => fill(ref, { apiVersion: "v1" })),
      ),
    ),
  );
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"] as const)
    made = at(made, name, probe);
  made = at(made, "lifecycle", (lifecycle) => {
    const started = at(lifecycle, "postStart", (hook) =>
      at(hook, "httpGet", (action) => fill(action, httpGet)),
    );
    return at(started, "preStop", (hook) => at(hook, "httpGet", (action) => fill(action, httpGet)));
  });
  return made as C;
}

function volume(given: V1Volume): V1Volume {
  if (Object.keys(given).length === 1) return { ...given, emptyDir: {} };
  let made = given;
  for (const name of ["secret", "configMap", "downwardAPI"] as const)
    made = at(made, name, (source) => fill(source, { defaultMode: everyone })) as V1Volume;
  made = at(made, "hostPath", (source) => fill(source, { type: "" }));
  made = at(made, "downwardAPI", (source) =>
    at(source, "items", (items) =>
      each(items, (item) => at(item, "fieldRef", (ref) => fill(ref, { apiVersion: "v1" }))),
    ),
  );
  made = at(made, "ephemeral", (source) =>
    at(source, "volumeClaimTemplate", (template) => at(template, "spec", claimDefaults)),
  );
  made = at(made, "image", (source) =>
    fill(source, { pullPolicy: pullPolicy(source.reference ?? "") }),
  );
  return at(made, "projected", (projected) =>
    at(fill(projected, { defaultMode: everyone }), "sources", (sources) =>
      each(sources, (source) => {
        const tokened = at(source, "serviceAccountToken", (token) =>
          fill(token, { expirationSeconds: 3600 }),
        );
        return at(tokened, "downwardAPI", (api) =>
          at(api, "items", (items) =>
            each(items, (item) => at(item, "fieldRef", (ref) => fill(ref, { apiVersion: "v1" }))),
          ),
        );
      }),
    ),
  );
}

/** Templates come by the thousand as one and the same object. */
const known = new WeakMap<V1PodSpec, V1PodSpec>();

export function podSpecDefaults(given: V1PodSpec): V1PodSpec {
  const before = known.get(given);
  if (before !== undefined) return before;
  let made = fill(given, {
    containers: [],
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
  });
  // The two names of one field.
  const account = made.serviceAccountName || made.serviceAccount;
  if (account && (made.serviceAccountName !== account || made.serviceAccount !== account))
    made = { ...made, serviceAccountName: account, serviceAccount: account };
  made = at(made, "containers", (list) => each(list, container));
  made = at(made, "initContainers", (list) => each(list, container));
  made = at(made, "ephemeralContainers", (list) => each(list, container));
  made = at(made, "volumes", (list) => each(list, volume));
  known.set(given, made);
  if (made !== given) known.set(made, made);
  return made;
}
const hostPorts = (one: V1Container): V1Container =>
  at(one, "ports", (ports) => each(ports, (port) => fill(port, { hostPort: port.containerPort })));

export const podTemplateDefaults = (template: V1PodTemplateSpec): V1PodTemplateSpec =>
  at(template, "spec", podSpecDefaults);

/** What is limited is also requested. */
function requestsFromLimits(resources: V1ResourceRequirements): V1ResourceRequirements {
  const { limits } = resources;
  if (limits === undefined) return resources;
  const requests = fill(resources.requests ?? {}, limits);
  return requests === resources.requests ? resources : { ...resources, requests };
}
const withRequests = (one: V1Container): V1Container => at(one, "resources", requestsFromLimits);

/** The huge pages that its containers may have together, where the Pod does not say how many. */
function withHugePages(spec: V1PodSpec): V1PodSpec {
  const { limits = {}, requests = {} } = spec.resources ?? {};
  if (Object.keys(limits).length + Object.keys(requests).length === 0) return spec;
  const together = Object.entries(aggregate(spec, "limits")).filter(
    ([name]) => isHugePages(name) && requests[name] === undefined,
  );
  const all = fill(limits, Object.fromEntries(together));
  return all === limits ? spec : { ...spec, resources: { ...spec.resources, limits: all } };
}
/** What the containers ask for together, else what the Pod is limited to. */
function withPodRequests(spec: V1PodSpec): V1PodSpec {
  const { limits = {}, requests = {} } = spec.resources ?? {};
  if (Object.keys(limits).length === 0) return spec;
  const together = Object.entries(aggregate(spec, "requests")).filter(
    ([name]) => isPodLevel(name) && isOvercommitAllowed(name),
  );
  const own = Object.entries(limits).filter(([name]) => isPodLevel(name));
  const all = fill(fill(requests, Object.fromEntries(together)), Object.fromEntries(own));
  return all === requests ? spec : { ...spec, resources: { ...spec.resources, requests: all } };
}

const knownPods = new WeakMap<V1PodSpec, V1PodSpec>();

/** A grace below nothing is the shortest. Upstream: pkg/apis/core/v1/conversion.go Convert_v1_Pod_To_core_Pod. */
const notNegative = (spec: V1PodSpec): V1PodSpec =>
  (spec.terminationGracePeriodSeconds ?? 0) < 0
    ? { ...spec, terminationGracePeriodSeconds: 1 }
    : spec;

/** What Pods have beyond their templates. */
export function podDefaults(pod: V1Pod): V1Pod {
  return at(pod, "spec", (given) => {
    const before = knownPods.get(given);
    if (before !== undefined) return before;
    let made = notNegative(fill(podSpecDefaults(given), { enableServiceLinks: true }));
    for (const name of ["containers", "initContainers"] as const) {
      made = at(made, name, (list) => each(list, withRequests)) as V1PodSpec;
      if (made.hostNetwork === true)
        made = at(made, name, (list) => each(list, hostPorts)) as V1PodSpec;
    }
    if (made.resources !== undefined) made = withPodRequests(withHugePages(made));
    knownPods.set(given, made);
    knownPods.set(made, made);
    return made;
  });
}
