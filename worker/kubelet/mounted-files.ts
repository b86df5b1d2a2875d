/**
 * The files that a container's volumes hold: what a script reads of ConfigMaps, Secrets, the Pod itself and
 * its service account's token.
 * Upstream: pkg/volume/{configmap,secret,downwardapi,projected}, pkg/kubelet/token/token_manager.go.
 * Differs: read when the container is made, and only when its command, a probe or its image names the mount, because a
 * token costs a signature and most programs here never look; a later change is seen by the next container.
 */
import type { V1TokenRequest } from "#apimachinery/api/authentication-v1.ts";
import type {
  V1Container,
  V1DownwardAPIVolumeFile,
  V1KeyToPath,
  V1Pod,
  V1Volume,
  V1VolumeMount,
  V1VolumeProjection,
} from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { fromField, keysOf } from "./container-config.ts";
import { fromResource } from "./resource-field.ts";
import type { Reader, Worker } from "./worker.ts";

/** Path below the volume → text. */
type Files = Readonly<Record<string, string>>;

const defaultTokenSeconds = 3600;

/** Absolute paths → text; undefined: nobody looks. Throws to wait for a token's signature. */
export function mountedFiles(on: Worker, container: V1Container, root = ""): Files | undefined {
  const mounts = container.volumeMounts ?? [];
  if (mounts.length === 0) return undefined;
  const text = `${root} ${looksAt(container)}`;
  const seen = mounts.filter(({ mountPath }) => text.includes(mountPath.replace(/\/$/, "")));
  return seen.length === 0 ? undefined : filesIn(on, seen);
}

function filesIn(on: Reader, mounts: readonly V1VolumeMount[]): Files {
  const files: Record<string, string> = {};
  for (const mount of mounts) {
    const volume = on.pod.spec?.volumes?.find(({ name }) => name === mount.name);
    if (volume !== undefined) Object.assign(files, placed(mount, filesOf(on, volume)));
  }
  return files;
}

/** What the container's volumes hold now, for somebody who looks around in it. Throws to wait for a signature. */
export const volumeFiles = (on: Reader, { volumeMounts = [] }: V1Container): Files =>
  filesIn(on, volumeMounts);

/** Where nothing can be written: below the volumes that the kubelet makes, and mounts that say so. */
export const readOnlyPaths = (
  { spec }: V1Pod,
  { volumeMounts = [] }: V1Container,
): readonly string[] =>
  volumeMounts
    .filter(({ name, readOnly }) => {
      const volume = spec?.volumes?.find((one) => one.name === name);
      const { configMap, secret, downwardAPI, projected } = volume ?? {};
      return readOnly === true || (configMap ?? secret ?? downwardAPI ?? projected) !== undefined;
    })
    .map(({ mountPath }) => mountPath.replace(/\/$/, ""));

/** Every word that a program of the container may take for a path. */
function looksAt({ command, args, env, ...probed }: V1Container): string {
  const { livenessProbe, readinessProbe, startupProbe } = probed;
  const probes = [livenessProbe, readinessProbe, startupProbe].flatMap(
    (probe) => probe?.exec?.command ?? [],
  );
  const values = (env ?? []).map(({ value }) => value ?? "");
  return [...(command ?? []), ...(args ?? []), ...values, ...probes].join(" ");
}

function placed({ mountPath, subPath }: V1VolumeMount, files: Files): Files {
  const at = mountPath.replace(/\/$/, "");
  if (subPath) {
    const text = files[subPath];
    return text === undefined ? {} : { [at]: text };
  }
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${at}/${path}`, text]));
}

function filesOf(on: Reader, volume: V1Volume): Files {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined)
    return chosen(keysOf(on, "ConfigMap", configMap.name ?? "", "files"), configMap.items);
  if (secret !== undefined)
    return chosen(keysOf(on, "Secret", secret.secretName ?? ""), secret.items);
  if (downwardAPI !== undefined) return told(on, downwardAPI.items);
  const files: Record<string, string> = {};
  for (const source of projected?.sources ?? []) Object.assign(files, projection(on, source));
  return files;
}

function projection(on: Reader, source: V1VolumeProjection): Files {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap !== undefined)
    return chosen(keysOf(on, "ConfigMap", configMap.name ?? "", "files"), configMap.items);
  if (secret !== undefined) return chosen(keysOf(on, "Secret", secret.name ?? ""), secret.items);
  if (downwardAPI !== undefined) return told(on, downwardAPI.items);
  if (serviceAccountToken === undefined) return {};
  const { audience, expirationSeconds = defaultTokenSeconds, path } = serviceAccountToken;
  return { [path]: tokenOf(on, audience, expirationSeconds) };
}

/** All keys, or those that are named, under the paths they are given. */
function chosen(keys: Files | undefined, items: readonly V1KeyToPath[] | undefined): Files {
  if (keys === undefined) return {};
  if (items === undefined) return keys;
  return Object.fromEntries(
    items.flatMap(({ key, path }) => (keys[key] === undefined ? [] : [[path, keys[key]]])),
  );
}

const told = (on: Reader, items: readonly V1DownwardAPIVolumeFile[] = []): Files =>
  Object.fromEntries(
    items.flatMap(({ path, fieldRef, resourceFieldRef }) => {
      if (fieldRef !== undefined) return [[path, fromField(on, fieldRef.fieldPath)]];
      const container = containerNamed(on.pod, resourceFieldRef?.containerName);
      return resourceFieldRef === undefined || container === undefined
        ? []
        : [[path, fromResource(on, container, resourceFieldRef)]];
    }),
  );

const containerNamed = ({ spec }: V1Pod, wanted: string | undefined): V1Container | undefined =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find(
    ({ name }) => name === wanted,
  );

/** A token of the Pod's account that ends with the Pod. */
function tokenOf(
  { pod, step }: Reader,
  audience: string | undefined,
  expirationSeconds: number,
): string {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec?.serviceAccountName ?? "default";
  const made = step.client.createSub<KubeObject & Pick<V1TokenRequest, "status">>(
    { kind: "v1/ServiceAccount", namespace, name: account, subresource: "token" },
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: {},
      spec: {
        audiences: audience ? [audience] : [],
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    } as KubeObject,
  );
  return made.status?.token ?? "";
}
