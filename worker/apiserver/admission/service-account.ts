/**
 * Every Pod acts as a service account and gets its token.
 * Upstream: plugin/pkg/admission/serviceaccount/admission.go.
 */
import type {
  V1Container,
  V1LocalObjectReference,
  V1Pod,
  V1PodSpec,
  V1ServiceAccount,
  V1Volume,
  V1VolumeMount,
} from "#apimachinery/api/core-v1.ts";
import { safeAlphabet } from "#apimachinery/names.ts";
import { unexpected } from "#apimachinery/status.ts";
import { referencesSecret } from "#apimachinery/pod-references.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import { each } from "#apiserver/kinds/fill.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { refusal } from "./refusal.ts";

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const volumePrefix = "kube-api-access-";
const mirror = "kubernetes.io/config.mirror";
const enforcement = "kubernetes.io/enforce-mountable-secrets";

/** The volume's parts are the same for all Pods. */
const projected: V1Volume["projected"] = Object.freeze({
  defaultMode: 420,
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    {
      downwardAPI: {
        items: [
          { path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } },
        ],
      },
    },
  ],
});

const suffixLength = 5;
/** One draw for all its letters. */
const suffix = (context: KindContext): string => {
  const base = safeAlphabet.length;
  let rest = Math.floor(context.random("token-volume") * base ** suffixLength);
  let text = "";
  for (let i = 0; i < suffixLength; i += 1) {
    text += safeAlphabet.charAt(rest % base);
    rest = Math.floor(rest / base);
  }
  return text;
};

function mounted(container: V1Container, mount: V1VolumeMount): V1Container {
  const mounts = container.volumeMounts ?? [];
  return mounts.some((one) => one.mountPath === mountPath)
    ? container
    : { ...container, volumeMounts: [...mounts, mount] };
}

function withToken(spec: V1PodSpec, context: KindContext): V1PodSpec {
  const present = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix))?.name;
  const isMounted = ({ volumeMounts }: V1Container): boolean =>
    volumeMounts?.some((one) => one.mountPath === mountPath) === true;
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  if (all.every(isMounted)) return spec;
  const name = present ?? volumePrefix + suffix(context);
  const mount = { name, readOnly: true, mountPath };
  return {
    ...spec,
    ...(spec.initContainers === undefined
      ? {}
      : { initContainers: each(spec.initContainers, (one) => mounted(one, mount)) }),
    containers: each(spec.containers, (one) => mounted(one, mount)),
    volumes:
      present === undefined ? [...(spec.volumes ?? []), { name, projected }] : (spec.volumes ?? []),
  };
}

function mutate(pod: V1Pod, request: AdmissionRequest): V1Pod {
  const { context } = request;
  if (pod.spec === undefined) return pod;
  if (pod.metadata.annotations?.[mirror] !== undefined) {
    checkMirror(request, pod.spec);
    // What the mirror shows is the manifest's own.
    return pod;
  }
  let { spec } = pod;
  const name = spec.serviceAccountName || "default";
  if (spec.serviceAccountName !== name || spec.serviceAccount !== name)
    spec = { ...spec, serviceAccountName: name, serviceAccount: name };
  const account = accountOf(request, name);
  if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
    spec = withToken(spec, context);
  if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0)
    spec = { ...spec, imagePullSecrets: (account.imagePullSecrets ?? []).map(byName) };
  if (isEnforced(account)) checkSecrets(request, spec, account);
  return spec === pod.spec ? pod : { ...pod, spec };
}

const byName = ({ name }: V1LocalObjectReference): V1LocalObjectReference => ({ name });

function accountOf(request: AdmissionRequest, name: string): V1ServiceAccount {
  const { namespace } = request.info;
  const found = request.context.get<V1ServiceAccount>("v1/ServiceAccount", namespace, name);
  if (found !== undefined) return found;
  const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
  throw refusal(request, why);
}

/** What Go's strconv.ParseBool takes for true. */
const truths: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const isEnforced = ({ metadata: { annotations } }: V1ServiceAccount): boolean =>
  annotations?.[enforcement] !== undefined && truths.has(annotations[enforcement]);

/** A mirror Pod shows what runs already: it may not ask the API for anything. */
function checkMirror(request: AdmissionRequest, spec: V1PodSpec): void {
  const { serviceAccountName, volumes = [] } = spec;
  if (serviceAccountName) throw refusal(request, "a mirror pod may not reference service accounts");
  if (referencesSecret(spec)) throw refusal(request, "a mirror pod may not reference secrets");
  const hasToken = volumes.some(({ projected: parts }) =>
    parts?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined),
  );
  if (hasToken)
    throw refusal(request, "a mirror pod may not use ServiceAccountToken volume projections");
}

/** An account marked so lets its Pods use only the secrets it names. Upstream: limitSecretReferences. */
function checkSecrets(request: AdmissionRequest, spec: V1PodSpec, account: V1ServiceAccount): void {
  const { name } = account.metadata;
  const mountable = new Set((account.secrets ?? []).map((secret) => secret.name));
  const pullable = new Set((account.imagePullSecrets ?? []).map((secret) => secret.name));
  for (const { secret } of spec.volumes ?? []) {
    if (secret !== undefined && !mountable.has(secret.secretName))
      throw refusal(request, unreferenced("volume with", secret.secretName, account));
  }
  const wrong =
    unmountable("init container", spec.initContainers, mountable, account) ??
    unmountable("container", spec.containers, mountable, account);
  if (wrong !== undefined) throw refusal(request, wrong);
  for (const [i, { name: secret }] of (spec.imagePullSecrets ?? []).entries()) {
    if (pullable.has(secret)) continue;
    const why = `imagePullSecrets[${i}].name=${JSON.stringify(secret)} is not allowed because service account ${name} does not reference that imagePullSecret`;
    throw refusal(request, why);
  }
}

const unreferenced = (
  what: string,
  secret: string | undefined,
  { metadata }: V1ServiceAccount,
): string =>
  `${what} secret.secretName=${JSON.stringify(secret ?? "")} is not allowed because service account ${metadata.name} does not reference that secret`;

/** The first reference to a secret that is not among the mountable ones. */
function unmountable(
  sort: string,
  containers: readonly V1Container[] | undefined,
  mountable: ReadonlySet<string | undefined>,
  account: V1ServiceAccount,
): string | undefined {
  for (const { name, env = [], envFrom = [] } of containers ?? []) {
    for (const { name: variable, valueFrom } of env) {
      const secret = valueFrom?.secretKeyRef;
      if (secret !== undefined && !mountable.has(secret.name))
        return unreferenced(
          `${sort} ${name} with envVar ${variable} referencing`,
          secret.name,
          account,
        );
    }
    for (const { secretRef } of envFrom) {
      if (secretRef !== undefined && !mountable.has(secretRef.name))
        return unreferenced(`${sort} ${name} with envFrom referencing`, secretRef.name, account);
    }
  }
  return undefined;
}

function validate(request: AdmissionRequest<V1Pod>): void {
  const { object, info } = request;
  const spec = object?.spec;
  if (object === undefined || spec === undefined) return;
  if (object.metadata.annotations?.[mirror] !== undefined) return checkMirror(request, spec);
  const { serviceAccountName: name } = spec;
  if (!name) {
    const why = `no service account specified for pod ${info.namespace}/${object.metadata.name ?? ""}`;
    throw refusal(request, why);
  }
  const account = accountOf(request, name);
  if (isEnforced(account)) checkSecrets(request, spec, account);
}

export const serviceAccount: Admission<V1Pod> = {
  name: "ServiceAccount",
  on: { resources: ["pods"], operations: ["CREATE"] },
  mutate: (request) => mutate(request.object as V1Pod, request),
  validate,
};
/** Ephemeral containers come later than the Pod; upstream refuses them with an error that is no Status. */
export const serviceAccountOnEphemeralContainers: Admission<V1Pod> = {
  name: "ServiceAccount",
  on: { resources: ["pods/ephemeralcontainers"], operations: ["UPDATE"] },
  validate(request) {
    const { serviceAccountName: name } = request.object?.spec ?? {};
    // Mirror Pods alone have no account, and they take none of these containers.
    if (!name) return;
    const account = accountOf(request, name);
    if (!isEnforced(account)) return;
    const mountable = new Set((account.secrets ?? []).map((secret) => secret.name));
    const containers = request.object?.spec?.ephemeralContainers as readonly V1Container[];
    const wrong = unmountable("ephemeral container", containers, mountable, account);
    if (wrong !== undefined) throw unexpected(wrong);
  },
};
