/**
 * A container's environment and command, as the kubelet resolves them before it asks the runtime.
 * Upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables; third_party/forked/golang/expansion.
 */
import { bytesIn } from "#apimachinery/base64.ts";
import type {
  V1ConfigMap,
  V1Container,
  V1EnvVar,
  V1EnvVarSource,
  V1Secret,
} from "#apimachinery/api/core-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { textOf } from "#apimachinery/byte-text.ts";
import type { Image } from "./images/image.ts";
import { fromResource } from "./resource-field.ts";
import { podText, type Reader, type Worker } from "./worker.ts";

export interface ContainerConfig {
  /** Empty: the image's own. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>> | undefined;
}

/** What the Pod says cannot be made: the text of CreateContainerConfigError. */
class ConfigError extends Error {}

const decoded = (data: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(data).map(([key, base64]) => [key, textOf(bytesIn(String(base64)))]),
  );

/** Keys of a ConfigMap or Secret; undefined: it does not exist. Bytes of a ConfigMap are files, but no variables. */
export function keysOf(
  on: Reader,
  kind: "ConfigMap" | "Secret",
  name: string,
  as: "variables" | "files" = "variables",
): Readonly<Record<string, string>> | undefined {
  const target = { kind: `v1/${kind}`, namespace: on.pod.metadata.namespace, name };
  try {
    if (kind === "Secret") return decoded(on.step.client.get<V1Secret>(target).data);
    const { data = {}, binaryData } = on.step.client.get<V1ConfigMap>(target);
    return binaryData === undefined || as === "variables"
      ? data
      : { ...data, ...decoded(binaryData) };
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}

function fromKey(
  on: Worker,
  kind: "ConfigMap" | "Secret",
  from: {
    readonly name?: string | undefined;
    readonly key: string;
    readonly optional?: boolean | undefined;
  },
): string | undefined {
  const name = from.name ?? "";
  const keys = keysOf(on, kind, name);
  if (keys === undefined) {
    if (from.optional) return undefined;
    throw new ConfigError(`${kind.toLowerCase()} ${JSON.stringify(name)} not found`);
  }
  const value = keys[from.key];
  if (value === undefined && !from.optional) {
    throw new ConfigError(
      `couldn't find key ${from.key} in ${kind} ${on.pod.metadata.namespace}/${name}`,
    );
  }
  return value;
}

/** A line for each, by name, as Go quotes it. Upstream: pkg/fieldpath FormatMap. */
const lines = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .toSorted()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join("\n");

/** `metadata.labels['app']` and the like. */
export function fromField(on: Reader, path: string): string {
  const { metadata, spec } = on.pod;
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (subscript?.[1] !== undefined) {
    const fields = subscript[1] === "labels" ? metadata.labels : metadata.annotations;
    return fields?.[subscript[2] ?? ""] ?? "";
  }
  if (path === "metadata.labels") return lines(metadata.labels);
  if (path === "metadata.annotations") return lines(metadata.annotations);
  const ip = spec?.hostNetwork ? on.node.ip : (on.record.sandbox?.ip ?? "");
  const values: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": spec?.nodeName,
    "spec.serviceAccountName": spec?.serviceAccountName,
    "status.hostIP": on.node.ip,
    "status.hostIPs": on.node.ip,
    "status.podIP": ip,
    "status.podIPs": ip,
  };
  return values[path] ?? "";
}

function fromSource(
  on: Worker,
  container: V1Container,
  source: V1EnvVarSource,
): string | undefined {
  if (source.configMapKeyRef !== undefined) return fromKey(on, "ConfigMap", source.configMapKeyRef);
  if (source.secretKeyRef !== undefined) return fromKey(on, "Secret", source.secretKeyRef);
  if (source.fieldRef !== undefined) return fromField(on, source.fieldRef.fieldPath);
  if (source.resourceFieldRef !== undefined)
    return fromResource(on, container, source.resourceFieldRef);
  return "";
}

/** `$(NAME)` of known variables; `$$(NAME)` stays as `$(NAME)`. */
const expand = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replace(/\$(\$|\(([^)]+)\))/g, (whole, _, name: string | undefined) =>
    name === undefined ? "$" : (env[name] ?? whole),
  );

function environment(on: Worker, container: V1Container): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const kind = configMapRef === undefined ? "Secret" : "ConfigMap";
    const from = configMapRef ?? secretRef;
    const keys = keysOf(on, kind, from?.name ?? "");
    if (keys === undefined && !from?.optional) {
      throw new ConfigError(`${kind.toLowerCase()} ${JSON.stringify(from?.name ?? "")} not found`);
    }
    for (const key in keys) env[prefix + key] = keys[key] ?? "";
  }
  for (const { name, value, valueFrom } of container.env ?? ([] as readonly V1EnvVar[])) {
    const resolved =
      valueFrom === undefined ? expand(value ?? "", env) : fromSource(on, container, valueFrom);
    if (resolved !== undefined) env[name] = resolved;
  }
  return env;
}

/** The image's user against runAsNonRoot. */
function refusesRoot(on: Worker, container: V1Container, image: Image): string | undefined {
  const asked =
    container.securityContext?.runAsNonRoot ?? on.pod.spec?.securityContext?.runAsNonRoot;
  if (asked !== true) return undefined;
  const where = `(pod: ${JSON.stringify(podText(on))}, container: ${container.name})`;
  const uid = container.securityContext?.runAsUser ?? on.pod.spec?.securityContext?.runAsUser;
  if (uid !== undefined)
    return uid === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  const user = image.user ?? "0";
  if (!/^\d+$/.test(user)) {
    return `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`;
  }
  return user === "0"
    ? `container has runAsNonRoot and image will run as root ${where}`
    : undefined;
}

/** The text of CreateContainerConfigError, or the configuration. */
export function containerConfig(
  on: Worker,
  container: V1Container,
  image: Image,
): ContainerConfig | string {
  const refused = refusesRoot(on, container, image);
  if (refused !== undefined) return refused;
  const plain = container.env === undefined && container.envFrom === undefined;
  if (plain && container.command === undefined && container.args === undefined) return defaults;
  try {
    const env = plain ? undefined : environment(on, container);
    const command = (container.command ?? []).map((word) => expand(word, env ?? {}));
    const args = (container.args ?? []).map((word) => expand(word, env ?? {}));
    const argv =
      command.length > 0
        ? [...command, ...args]
        : args.length > 0
          ? [...(image.entrypoint ?? []), ...args]
          : [];
    return { argv, env };
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const defaults: ContainerConfig = { argv: [], env: undefined };
