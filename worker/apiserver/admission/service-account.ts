/**
 * Every Pod acts as a service account and gets its token.
 * Upstream: plugin/pkg/admission/serviceaccount/admission.go.
 */
import type {
  V1Container,
  V1Pod,
  V1PodSpec,
  V1ServiceAccount,
  V1Volume,
  V1VolumeMount,
} from "#apimachinery/api/core-v1.ts";
import { safeAlphabet } from "#apimachinery/names.ts";
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
  const { namespace } = request.info;
  // What the mirror shows is the manifest's own.
  if (pod.metadata.annotations?.[mirror] !== undefined || pod.spec === undefined) return pod;
  let { spec } = pod;
  const name = spec.serviceAccountName || "default";
  if (spec.serviceAccountName !== name || spec.serviceAccount !== name)
    spec = { ...spec, serviceAccountName: name, serviceAccount: name };
  const account = context.get<V1ServiceAccount>("v1/ServiceAccount", namespace, name);
  if (account === undefined) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
    throw refusal(request, why);
  }
  if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
    spec = withToken(spec, context);
  if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0)
    spec = { ...spec, imagePullSecrets: account.imagePullSecrets };
  return spec === pod.spec ? pod : { ...pod, spec };
}

/** A mirror Pod shows what runs already: it may not ask the API for anything. */
function checkMirror(
  request: AdmissionRequest,
  { serviceAccountName, volumes = [] }: V1PodSpec,
): void {
  if (serviceAccountName) throw refusal(request, "a mirror pod may not reference service accounts");
  if (volumes.some(({ secret }) => secret !== undefined))
    throw refusal(request, "a mirror pod may not reference secrets");
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
  const refuse = (what: string, secret: string | undefined): never => {
    const why = `${what} secret.secretName=${JSON.stringify(secret ?? "")} is not allowed because service account ${name} does not reference that secret`;
    throw refusal(request, why);
  };
  for (const { secret } of spec.volumes ?? []) {
    if (secret !== undefined && !mountable.has(secret.secretName))
      refuse("volume with", secret.secretName);
  }
  for (const [sort, containers] of [
    ["init container", spec.initContainers],
    ["container", spec.containers],
  ] as const) {
    for (const container of containers ?? []) {
      for (const { name: variable, valueFrom } of container.env ?? []) {
        const secret = valueFrom?.secretKeyRef;
        if (secret !== undefined && !mountable.has(secret.name))
          refuse(`${sort} ${container.name} with envVar ${variable} referencing`, secret.name);
      }
      for (const { secretRef } of container.envFrom ?? []) {
        if (secretRef !== undefined && !mountable.has(secretRef.name))
          refuse(`${sort} ${container.name} with envFrom referencing`, secretRef.name);
      }
    }
  }
  for (const [i, { name: secret }] of (spec.imagePullSecrets ?? []).entries()) {
    if (pullable.has(secret)) continue;
    const why = `imagePullSecrets[${i}].name=${JSON.stringify(secret)} is not allowed because service account ${name} does not reference that imagePullSecret`;
    throw refusal(request, why);
  }
}

function validate(request: AdmissionRequest<V1Pod>): void {
  const { object, context, info } = request;
  const spec = object?.spec;
  if (object === undefined || spec === undefined) return;
  if (object.metadata.annotations?.[mirror] !== undefined) return checkMirror(request, spec);
  const name = spec.serviceAccountName;
  if (!name)
    throw refusal(
      request,
      `no service account specified for pod ${info.namespace}/${object.metadata.name}`,
    );
  const account = context.get<V1ServiceAccount>("v1/ServiceAccount", info.namespace, name);
  if (account === undefined) {
    const why = `error looking up service account ${info.namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
    throw refusal(request, why);
  }
  if (account.metadata.annotations?.[enforcement] === "true") checkSecrets(request, spec, account);
}

export const serviceAccount: Admission<V1Pod> = {
  name: "ServiceAccount",
  on: { resources: ["pods"], operations: ["CREATE"] },
  mutate: (request) => mutate(request.object as V1Pod, request),
  validate,
};
