/** Volumes of a Pod. Upstream: pkg/apis/core/validation ValidateVolumes, validateVolumeSource. */
import type {
  V1ConfigMapVolumeSource,
  V1DownwardAPIVolumeFile,
  V1DownwardAPIVolumeSource,
  V1EphemeralVolumeSource,
  V1ImageVolumeSource,
  V1ProjectedVolumeSource,
  V1SecretVolumeSource,
  V1Volume,
} from "#apimachinery/api/core-v1.ts";
import { duplicate, type FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { validateClaimTemplate } from "#apiserver/kinds/core/claim-spec.ts";
import { notReserved } from "#apiserver/kinds/rules/path.ts";
import {
  type Errors,
  oneOf,
  present,
  remembered,
  requiredName,
  type Rule,
} from "#apiserver/kinds/rules/rule.ts";
import { fieldReference, fieldsOfVolumes, resourceReference } from "./environment.ts";
import {
  azureDisk,
  csi,
  fibreChannel,
  fileMode,
  flexVolume,
  flocker,
  hostPath,
  iscsi,
  iscsiTooLong,
  keyToPath,
  needs,
  nfs,
  partitioned,
  quobyte,
  storageOs,
} from "./volume-sources.ts";

type SourceName = Exclude<keyof V1Volume, "name">;

const configMap: Rule<V1ConfigMapVolumeSource> = (errors, at, { name, defaultMode, items }) => {
  present(errors, at.child("name"), name);
  fileMode(errors, at.child("defaultMode"), defaultMode);
  for (const [i, item] of (items ?? []).entries())
    keyToPath(errors, at.child("items").index(i), item);
};
const secret: Rule<V1SecretVolumeSource> = (errors, at, { secretName, defaultMode, items }) => {
  present(errors, at.child("secretName"), secretName);
  fileMode(errors, at.child("defaultMode"), defaultMode);
  for (const [i, item] of (items ?? []).entries())
    keyToPath(errors, at.child("items").index(i), item);
};

/** Upstream names the volume, not the item. */
function downwardFile(errors: Errors, at: FieldPath, file: V1DownwardAPIVolumeFile): void {
  present(errors, at.child("path"), file.path);
  notReserved(errors, at.child("path"), file.path ?? "");
  const { fieldRef, resourceFieldRef } = file;
  if (fieldRef !== undefined) {
    fieldReference(errors, at.child("fieldRef"), fieldRef, fieldsOfVolumes);
    if (resourceFieldRef !== undefined)
      errors.push(
        invalid(
          at,
          "resource",
          "fieldRef and resourceFieldRef can not be specified simultaneously",
        ),
      );
  } else if (resourceFieldRef !== undefined)
    resourceReference(errors, at.child("resourceFieldRef"), resourceFieldRef, true);
  else errors.push(required(at, "one of fieldRef and resourceFieldRef is required"));
  fileMode(errors, at.child("mode"), file.mode);
}
const downwardApi: Rule<V1DownwardAPIVolumeSource> = (errors, at, { defaultMode, items }) => {
  fileMode(errors, at.child("defaultMode"), defaultMode);
  for (const item of items ?? []) downwardFile(errors, at, item);
};

const shortestTokenSeconds = 600;
const projected: Rule<V1ProjectedVolumeSource> = (errors, at, { defaultMode, sources }) => {
  fileMode(errors, at.child("defaultMode"), defaultMode);
  const paths = new Set<string>();
  const once = (path: string | undefined, shown: string): void => {
    if (!path) return;
    if (paths.has(path)) errors.push(invalid(at, shown, "conflicting duplicate paths"));
    paths.add(path);
  };
  for (const [i, source] of (sources ?? []).entries()) {
    const here = at.child("sources").index(i);
    for (const name of ["secret", "configMap"] as const) {
      const given = source[name];
      if (given === undefined) continue;
      present(errors, here.child(name, "name"), given.name);
      for (const [j, item] of (given.items ?? []).entries()) {
        keyToPath(errors, here.child(name, "items").index(j), item);
        once(item.path, given.name ?? "");
      }
    }
    for (const file of source.downwardAPI?.items ?? []) {
      downwardFile(errors, here.child("downwardAPI"), file);
      once(file.path, file.path);
    }
    if (source.serviceAccountToken !== undefined)
      token(errors, at, here.child("serviceAccountToken"), source.serviceAccountToken);
    if (Object.values(source).filter((one) => one !== undefined).length > 1)
      errors.push(forbidden(here, "may not specify more than 1 volume type per source"));
  }
};
function token(
  errors: Errors,
  volume: FieldPath,
  at: FieldPath,
  {
    expirationSeconds = 0,
    path,
  }: { readonly expirationSeconds?: number | undefined; readonly path: string },
): void {
  const here = at.child("expirationSeconds");
  if (expirationSeconds < shortestTokenSeconds)
    errors.push(
      invalid(here, expirationSeconds, "may not specify a duration less than 10 minutes"),
    );
  if (expirationSeconds > 2 ** 32)
    errors.push(
      invalid(here, expirationSeconds, "may not specify a duration larger than 2^32 seconds"),
    );
  if (!path) errors.push(required(volume.child("path")));
  else notReserved(errors, volume.child("path"), path);
}

const ephemeral: Rule<V1EphemeralVolumeSource> = (errors, at, { volumeClaimTemplate }) => {
  const here = at.child("volumeClaimTemplate");
  if (volumeClaimTemplate === undefined) errors.push(required(here));
  else validateClaimTemplate(errors, here, volumeClaimTemplate);
};
const image: Rule<V1ImageVolumeSource> = (errors, at, { pullPolicy }) =>
  oneOf(errors, at.child("pullPolicy"), pullPolicy, ["Always", "IfNotPresent", "Never"]);

interface Source {
  readonly name: SourceName;
  /** Where upstream says a problem lies, when that is not the field's name. */
  readonly shown?: string;
  /** Where it says that there is more than one. */
  readonly refused?: string;
  readonly rule: Rule<never>;
}
const source = <T extends object>(
  name: SourceName,
  rule: Rule<T>,
  more: Partial<Source> = {},
): Source => ({ name, rule: remembered(rule) as Rule<never>, ...more });

/** In upstream's order. */
const sources: readonly Source[] = [
  source("hostPath", hostPath),
  source<NonNullable<V1Volume["gitRepo"]>>("gitRepo", (errors, at, given) => {
    needs("repository")(errors, at, given);
    const { directory = "" } = given;
    if (directory.startsWith("/"))
      errors.push(invalid(at.child("directory"), directory, "must be a relative path"));
    if (directory.split("/").includes(".."))
      errors.push(invalid(at.child("directory"), directory, "must not contain '..'"));
  }),
  source("gcePersistentDisk", partitioned("pdName"), { shown: "persistentDisk" }),
  source("awsElasticBlockStore", partitioned("volumeID")),
  source("secret", secret),
  source("nfs", nfs),
  source("iscsi", iscsi("must be valid format starting with iqn, eui, or naa")),
  source("glusterfs", needs("endpoints", "path")),
  source("flocker", flocker),
  source("persistentVolumeClaim", needs("claimName")),
  source("rbd", needs("monitors", "image")),
  source("cinder", needs("volumeID", "secretRef.name")),
  source("cephfs", needs("monitors"), { refused: "cephFS" }),
  source("quobyte", quobyte),
  source("downwardAPI", downwardApi, { refused: "downwarAPI" }),
  source("fc", fibreChannel),
  source("flexVolume", flexVolume),
  source("configMap", configMap),
  source("azureFile", needs("secretName", "shareName")),
  source("vsphereVolume", needs("volumePath")),
  source("photonPersistentDisk", needs("pdID")),
  source("portworxVolume", needs("volumeID")),
  source("azureDisk", azureDisk),
  source("storageos", storageOs),
  source("projected", projected),
  source("scaleIO", needs("gateway", "system", "volumeName")),
  source("csi", csi),
  source("ephemeral", ephemeral),
  source("image", image),
];

interface Around {
  readonly podName: string;
  readonly isPod: boolean;
}

const sourceOf = new Map(sources.map((one) => [one.name, one]));

function volumeSource(errors: Errors, at: FieldPath, volume: V1Volume, around: Around): void {
  const keys = Object.keys(volume);
  const only =
    keys.length === 2
      ? sourceOf.get((keys[0] === "name" ? keys[1] : keys[0]) as SourceName)
      : undefined;
  if (only === undefined) anySources(errors, at, volume);
  else only.rule(errors, at.child(only.shown ?? only.name), volume[only.name] as never);
  byName(errors, at, volume, around);
}

/** None, several, or an emptyDir. */
function anySources(errors: Errors, at: FieldPath, volume: V1Volume): void {
  let seen = 0;
  if (volume.emptyDir !== undefined) {
    seen += 1;
    const { sizeLimit } = volume.emptyDir;
    if (sizeLimit !== undefined && compareQuantities(sizeLimit, 0) < 0)
      errors.push(
        forbidden(
          at.child("emptyDir", "sizeLimit"),
          "SizeLimit field must be a valid resource quantity",
        ),
      );
  }
  for (const { name, shown = name, refused = name, rule } of sources) {
    const given = volume[name];
    if (given === undefined) continue;
    seen += 1;
    if (seen > 1)
      errors.push(forbidden(at.child(refused), "may not specify more than 1 volume type"));
    else rule(errors, at.child(shown), given as never);
  }
  if (seen === 0) errors.push(required(at, "must specify a volume type"));
}

/** Rules that look at the volume's or the Pod's name. */
function byName(errors: Errors, at: FieldPath, volume: V1Volume, around: Around): void {
  const { name = "", iscsi: target, ephemeral: own, image: ofImage } = volume;
  if (target?.initiatorName !== undefined && `${name}:${target.targetPortal}`.length > 64)
    errors.push(invalid(at.child("name"), name, iscsiTooLong));
  if (own !== undefined && around.podName !== "" && name !== "") {
    const claim = `${around.podName}-${name}`;
    for (const problem of dns1123Subdomain(claim))
      errors.push(invalid(at.child("name"), name, `PVC name ${JSON.stringify(claim)}: ${problem}`));
  }
  if (around.isPod && ofImage !== undefined && !ofImage.reference)
    errors.push(required(at.child("image", "reference")));
}

/** The valid volumes by name. */
export function volumes(
  errors: Errors,
  at: FieldPath,
  list: readonly V1Volume[],
  around: Around,
): ReadonlyMap<string, V1Volume> {
  const found = new Map<string, V1Volume>();
  for (const [i, volume] of list.entries()) {
    const here = at.index(i);
    const { name = "", persistentVolumeClaim } = volume;
    const before = errors.length;
    volumeSource(errors, here, volume, around);
    requiredName(errors, here.child("name"), name, dns1123Label);
    if (found.has(name)) errors.push(duplicate(here.child("name"), name));
    if (errors.length === before) found.set(name, volume);
    const claim = persistentVolumeClaim?.claimName;
    if (claim !== undefined && around.podName !== "" && isOwnClaim(list, around.podName, claim))
      errors.push(
        invalid(
          here.child("persistentVolumeClaim", "claimName"),
          claim,
          "must not reference a PVC that gets created for an ephemeral volume",
        ),
      );
  }
  return found;
}
const isOwnClaim = (list: readonly V1Volume[], podName: string, claim: string): boolean =>
  list.some(({ name, ephemeral: own }) => own !== undefined && claim === `${podName}-${name}`);
