/** Environment variables and where their values come from. Upstream: pkg/apis/core/validation ValidateEnv, ValidateEnvFrom. */
import type {
  V1Container,
  V1EnvFromSource,
  V1EnvVar,
  V1FileKeySelector,
  V1ObjectFieldSelector,
  V1PodSpec,
  V1ResourceFieldSelector,
} from "#apimachinery/api/core-v1.ts";
import { type FieldPath, invalid, notFound, required, unsupported } from "#apimachinery/field.ts";
import {
  dataKey,
  dns1123Label,
  dns1123Subdomain,
  environmentName,
  qualifiedName,
} from "#apimachinery/names.ts";
import { canonicalQuantity, compareQuantities } from "#apimachinery/quantity.ts";
import { noBacksteps } from "#apiserver/kinds/rules/path.ts";
import { type Errors, named, remembered, requiredName } from "#apiserver/kinds/rules/rule.ts";
import { eachContainer } from "./each-container.ts";

const fieldsOfEnvironment = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
export const fieldsOfVolumes = [
  "metadata.name",
  "metadata.namespace",
  "metadata.labels",
  "metadata.annotations",
  "metadata.uid",
];
/** All that the downward API knows. Upstream: pkg/apis/core/pods/helpers.go ConvertDownwardAPIFieldLabel. */
const known = new Map([
  ...[
    ...fieldsOfEnvironment,
    ...fieldsOfVolumes,
    "spec.restartPolicy",
    "spec.schedulerName",
    "status.phase",
  ].map((path) => [path, path] as const),
  ["spec.host", "spec.nodeName"],
]);
const maps = ["metadata.annotations", "metadata.labels"];

export function fieldReference(
  errors: Errors,
  at: FieldPath,
  { apiVersion, fieldPath }: V1ObjectFieldSelector,
  supported: readonly string[],
): void {
  if (!apiVersion) errors.push(required(at.child("apiVersion")));
  else if (!fieldPath) errors.push(required(at.child("fieldPath")));
  else {
    const [, path, subscript] = /^(.*)\['(.*)'\]$/.exec(fieldPath) ?? [];
    const problem =
      apiVersion !== "v1"
        ? `unsupported pod version: ${apiVersion}`
        : path === undefined
          ? known.has(fieldPath)
            ? undefined
            : `field label not supported: ${fieldPath}`
          : maps.includes(path)
            ? undefined
            : `field label does not support subscript: ${fieldPath}`;
    if (problem !== undefined)
      errors.push(
        invalid(at.child("fieldPath"), fieldPath, `error converting fieldPath: ${problem}`),
      );
    else if (subscript !== undefined) {
      const key = path === "metadata.annotations" ? subscript.toLowerCase() : subscript;
      named(errors, at, key, qualifiedName);
    } else if (!supported.includes(known.get(fieldPath) ?? ""))
      errors.push(unsupported(at.child("fieldPath"), known.get(fieldPath), supported));
  }
}

const resources = ["cpu", "memory", "ephemeral-storage"].flatMap((name) => [
  `limits.${name}`,
  `requests.${name}`,
]);
const isHugePages = (resource: string): boolean => /^(limits|requests)\.hugepages-/.test(resource);
const byteDivisors = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";
const divisorTexts: readonly (readonly [RegExp, readonly string[], string])[] = [
  [/\.cpu$/, ["1m", "1"], "only divisor's values 1m and 1 are supported with the cpu resource"],
  [
    /\.memory$/,
    byteDivisors.split(", "),
    `only divisor's values ${byteDivisors} are supported with the memory resource`,
  ],
  [
    /\.ephemeral-storage$/,
    byteDivisors.split(", "),
    `only divisor's values ${byteDivisors} are supported with the local ephemeral storage resource`,
  ],
  [
    /\.hugepages-/,
    byteDivisors.split(", "),
    `only divisor's values ${byteDivisors} are supported with the hugepages resource`,
  ],
];

export function resourceReference(
  errors: Errors,
  at: FieldPath,
  { containerName, resource, divisor }: V1ResourceFieldSelector,
  ofVolume: boolean,
): void {
  if (ofVolume && !containerName) errors.push(required(at.child("containerName")));
  else if (!resource) errors.push(required(at.child("resource")));
  else if (!resources.includes(resource) && !isHugePages(resource))
    errors.push(unsupported(at.child("resource"), resource, resources));
  if (divisor === undefined || compareQuantities(divisor, 0) === 0) return;
  for (const [pattern, supported, text] of divisorTexts) {
    if (pattern.test(resource ?? "") && !supported.includes(canonicalQuantity(divisor)))
      errors.push(invalid(at.child("divisor"), resource, text));
  }
}

function keyReference(
  errors: Errors,
  at: FieldPath,
  { name = "", key }: { readonly name?: string | undefined; readonly key: string },
): void {
  named(errors, at.child("name"), name, dns1123Subdomain);
  requiredName(errors, at.child("key"), key, dataKey);
}
function fileReference(errors: Errors, at: FieldPath, given: V1FileKeySelector): void {
  requiredName(errors, at.child("key"), given.key, environmentName);
  requiredName(errors, at.child("volumeName"), given.volumeName, dns1123Label);
  if (!given.path) errors.push(required(at.child("path")));
  else noBacksteps(errors, at.child("path"), given.path);
}

function valueFrom(
  errors: Errors,
  at: FieldPath,
  given: NonNullable<V1EnvVar["valueFrom"]>,
  value: string | undefined,
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = given;
  if (fieldRef !== undefined)
    fieldReference(errors, at.child("fieldRef"), fieldRef, fieldsOfEnvironment);
  if (resourceFieldRef !== undefined)
    resourceReference(errors, at.child("resourceFieldRef"), resourceFieldRef, false);
  if (configMapKeyRef !== undefined)
    keyReference(errors, at.child("configMapKeyRef"), configMapKeyRef);
  if (secretKeyRef !== undefined) keyReference(errors, at.child("secretKeyRef"), secretKeyRef);
  if (fileKeyRef !== undefined) fileReference(errors, at.child("fileKeyRef"), fileKeyRef);
  const sources = Object.values(given).filter((source) => source !== undefined).length;
  const refuse = (why: string): unknown => errors.push(invalid(at, "", why));
  if (sources === 0)
    refuse(
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
    );
  else if (value) refuse("may not be specified when `value` is not empty");
  else if (sources > 1) refuse("may not have more than one field specified at a time");
}

const variables = remembered<readonly V1EnvVar[]>((errors, at, list) => {
  for (const [i, one] of list.entries()) {
    const here = at.index(i);
    requiredName(errors, here.child("name"), one.name, environmentName);
    if (one.valueFrom !== undefined)
      valueFrom(errors, here.child("valueFrom"), one.valueFrom, one.value);
  }
});
const sources = remembered<readonly V1EnvFromSource[]>((errors, at, list) => {
  for (const [i, { prefix, configMapRef, secretRef }] of list.entries()) {
    const here = at.index(i);
    if (prefix) named(errors, here.child("prefix"), prefix, environmentName);
    for (const [name, source] of [
      ["configMapRef", configMapRef],
      ["secretRef", secretRef],
    ] as const) {
      if (source !== undefined)
        requiredName(errors, here.child(name, "name"), source.name, dns1123Subdomain);
    }
    if (configMapRef === undefined && secretRef === undefined)
      errors.push(invalid(at, "", "must specify one of: `configMapRef` or `secretRef`"));
    else if (configMapRef !== undefined && secretRef !== undefined)
      errors.push(invalid(at, "", "may not have more than one field specified at a time"));
  }
});

const namesFile = new WeakMap<readonly V1EnvVar[], boolean>();
/** Files with variables lie in volumes that live and die with the Pod. Upstream: validateFileKeyRefVolumes. */
export function fileVolumes(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  eachContainer(spec, at, ({ env: list }, container) => {
    if (list === undefined) return;
    let named = namesFile.get(list);
    if (named === undefined)
      namesFile.set(list, (named = list.some((one) => one.valueFrom?.fileKeyRef !== undefined)));
    if (!named) return;
    for (const [i, { valueFrom: from }] of list.entries()) {
      if (from?.fileKeyRef === undefined) continue;
      const { volumeName = "" } = from.fileKeyRef;
      const here = container.child("env").index(i).child("valueFrom", "fileKeyRef", "volumeName");
      const volume = spec.volumes?.find(({ name }) => name === volumeName);
      if (volume === undefined) errors.push(notFound(here, volumeName));
      else if (volume.emptyDir === undefined)
        errors.push(invalid(here, volumeName, "referenced volume must be of type emptyDir"));
    }
  });
}

export function environment(
  errors: Errors,
  at: FieldPath,
  { env, envFrom }: Pick<V1Container, "env" | "envFrom">,
): void {
  if (env !== undefined) variables(errors, at.child("env"), env);
  if (envFrom !== undefined) sources(errors, at.child("envFrom"), envFrom);
}
