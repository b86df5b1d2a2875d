/** Mounts and block devices of a container. Upstream: pkg/apis/core/validation ValidateVolumeMounts, ValidateVolumeDevices. */
import type { V1Container, V1VolumeDevice, V1VolumeMount } from "#apimachinery/api/core-v1.ts";
import {
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { descending, hasBacksteps } from "#apiserver/kinds/rules/path.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import type { Whole } from "./context.ts";

const propagations = ["Bidirectional", "HostToContainer", "None"];
const recursions = ["Disabled", "Enabled", "IfPossible"];

export function mounts(errors: Errors, at: FieldPath, container: V1Container, whole: Whole): void {
  const { volumeMounts = [], volumeDevices = [] } = container;
  const paths = new Set<string>();
  const here = at.child("volumeMounts");
  for (const [i, mount] of volumeMounts.entries()) {
    const one = here.index(i);
    const { name = "", mountPath = "" } = mount;
    if (name === "") errors.push(required(one.child("name")));
    if (!whole.volumes.has(name)) errors.push(notFound(one.child("name"), name));
    if (mountPath === "") errors.push(required(one.child("mountPath")));
    if (paths.has(mountPath))
      errors.push(invalid(one.child("mountPath"), mountPath, "must be unique"));
    paths.add(mountPath);
    if (volumeDevices.some((device) => device.name === name))
      errors.push(invalid(one.child("name"), name, "must not already exist in volumeDevices"));
    if (volumeDevices.some((device) => device.devicePath === mountPath))
      errors.push(
        invalid(
          one.child("mountPath"),
          mountPath,
          "must not already exist as a path in volumeDevices",
        ),
      );
    if (isSpecial(mount)) subPaths(errors, one, here, mount);
    if (mount.mountPropagation !== undefined)
      propagation(errors, here.child("mountPropagation"), mount.mountPropagation, container);
    if (mount.recursiveReadOnly !== undefined)
      recursiveReadOnly(errors, here.child("recursiveReadOnly"), mount);
  }
  if (volumeDevices.length > 0) devices(errors, at.child("volumeDevices"), container, whole);
}
const isSpecial = ({ subPath, subPathExpr }: V1VolumeMount): boolean =>
  Boolean(subPath) || Boolean(subPathExpr);

/** `list`: upstream names the list, not the mount, where the path itself is wrong. */
function subPaths(
  errors: Errors,
  one: FieldPath,
  list: FieldPath,
  { subPath, subPathExpr }: V1VolumeMount,
): void {
  if (subPath) descending(errors, list.child("subPath"), subPath);
  if (!subPathExpr) return;
  if (subPath)
    errors.push(
      invalid(
        one.child("subPathExpr"),
        subPathExpr,
        "subPathExpr and subPath are mutually exclusive",
      ),
    );
  descending(errors, list.child("subPathExpr"), subPathExpr);
}

function propagation(
  errors: Errors,
  at: FieldPath,
  value: string,
  { securityContext }: V1Container,
): void {
  if (!propagations.includes(value)) errors.push(unsupported(at, value, propagations));
  if (value === "Bidirectional" && securityContext?.privileged !== true)
    errors.push(
      forbidden(at, "Bidirectional mount propagation is available only to privileged containers"),
    );
}

function recursiveReadOnly(
  errors: Errors,
  at: FieldPath,
  { recursiveReadOnly: value = "", readOnly, mountPropagation = "None" }: V1VolumeMount,
): void {
  if (value === "Disabled") return;
  if (!recursions.includes(value)) {
    errors.push(unsupported(at, value, recursions));
    return;
  }
  if (readOnly !== true) errors.push(forbidden(at, "may only be specified when readOnly is true"));
  if (mountPropagation !== "None")
    errors.push(
      forbidden(at, "may only be specified when mountPropagation is None or not specified"),
    );
}

function devices(
  errors: Errors,
  at: FieldPath,
  { volumeMounts = [], volumeDevices = [] }: V1Container,
  { volumes }: Whole,
): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [i, { name = "", devicePath = "" }] of volumeDevices.entries()) {
    const here = at.index(i);
    const volume = volumes.get(name);
    if (name === "") errors.push(required(here.child("name")));
    if (names.has(name)) errors.push(invalid(here.child("name"), name, "must be unique"));
    if (volume === undefined) errors.push(notFound(here.child("name"), name));
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined)
      errors.push(
        invalid(
          here.child("name"),
          name,
          "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
        ),
      );
    devicePaths(errors, here, devicePath, paths);
    if (volumeMounts.some((mount) => mount.name === name))
      errors.push(invalid(here.child("name"), name, "must not already exist in volumeMounts"));
    if (volumeMounts.some((mount) => mount.mountPath === devicePath))
      errors.push(
        invalid(
          here.child("devicePath"),
          devicePath,
          "must not already exist as a path in volumeMounts",
        ),
      );
    if (name !== "") names.add(name);
  }
}
function devicePaths(
  errors: Errors,
  at: FieldPath,
  path: V1VolumeDevice["devicePath"],
  seen: Set<string>,
): void {
  if (path === "") errors.push(required(at.child("devicePath")));
  if (seen.has(path)) errors.push(invalid(at.child("devicePath"), path, "must be unique"));
  if (hasBacksteps(path))
    errors.push(invalid(at.child("devicePath"), path, "can not contain backsteps ('..')"));
  else seen.add(path);
}
