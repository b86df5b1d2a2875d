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
import { forbidden } from "#apimachinery/status.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import { each } from "#apiserver/kinds/fill.ts";
import type { Admission } from "./admission.ts";

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const volumePrefix = "kube-api-access-";
const mirror = "kubernetes.io/config.mirror";

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

const suffix = (context: KindContext): string => {
  let text = "";
  for (let i = 0; i < 5; i += 1)
    text += safeAlphabet.charAt(
      Math.floor(context.random(`token-volume${i}`) * safeAlphabet.length),
    );
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

function mutate(pod: V1Pod, namespace: string, context: KindContext): V1Pod {
  // What the mirror shows is the manifest's own.
  if (pod.metadata.annotations?.[mirror] !== undefined || pod.spec === undefined) return pod;
  let { spec } = pod;
  const name = spec.serviceAccountName || "default";
  if (spec.serviceAccountName !== name || spec.serviceAccount !== name)
    spec = { ...spec, serviceAccountName: name, serviceAccount: name };
  const account = context.get<V1ServiceAccount>("v1/ServiceAccount", namespace, name);
  if (account === undefined) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
    throw forbidden({ group: "", resource: "pods" }, pod.metadata.name ?? "", why);
  }
  if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
    spec = withToken(spec, context);
  if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0)
    spec = { ...spec, imagePullSecrets: account.imagePullSecrets };
  return spec === pod.spec ? pod : { ...pod, spec };
}

export const serviceAccount: Admission<V1Pod> = {
  name: "ServiceAccount",
  on: { resources: ["pods"], operations: ["CREATE"] },
  mutate: ({ object, info, context }) => mutate(object as V1Pod, info.namespace, context),
};
