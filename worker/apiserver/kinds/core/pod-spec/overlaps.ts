/** Files of one volume that lie upon each other. Upstream: pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths. */
import type { V1Volume, V1VolumeProjection } from "#apimachinery/api/core-v1.ts";

const json = JSON.stringify;

interface Placed {
  readonly path: string;
  /** Where it comes from, in a volume of many sources. */
  readonly source: string;
}
const said = ({ path, source }: Placed): string =>
  source === "" ? json(path) : `${json(path)} (${source})`;

/** Each path with those before it that it lies upon. */
function among(paths: readonly Placed[], text: string): readonly string[] {
  const seen: Placed[] = [];
  return paths.flatMap(({ path, source }) => {
    const one = { path: path.replace(/\/+$/, ""), source };
    const found = one.path === "" ? [] : seen.filter((other) => collide(one.path, other.path));
    seen.push(one);
    return found.map((other) => `${text}: ${said(one)} with ${said(other)}`);
  });
}
const collide = (one: string, other: string): boolean =>
  other !== "" && (`${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`));
const pathsOf = (
  items: readonly { readonly path: string }[] | undefined,
  source = "",
): readonly Placed[] => (items ?? []).map(({ path }) => ({ path, source }));

function projection(given: V1VolumeProjection): readonly Placed[] {
  const { configMap, secret, downwardAPI, serviceAccountToken } = given;
  if (configMap?.items !== undefined)
    return pathsOf(configMap.items, `ConfigMap ${json(configMap.name ?? "")}`);
  if (secret?.items !== undefined)
    return pathsOf(secret.items, `Secret ${json(secret.name ?? "")}`);
  if (downwardAPI?.items !== undefined) return pathsOf(downwardAPI.items, "DownwardAPI");
  return serviceAccountToken === undefined
    ? []
    : [{ path: serviceAccountToken.path, source: "ServiceAccountToken" }];
}

function projected({ name, projected: given }: V1Volume): readonly string[] {
  const sources = given?.sources ?? [];
  const empty = sources.filter((source) => Object.values(source).every((one) => one === undefined));
  return [
    ...empty.map(() => `volume ${json(name)} (Projected) has no sources provided`),
    ...among(sources.flatMap(projection), `volume ${json(name)} (Projected): overlapping paths`),
  ];
}

export function overlaps(volumes: readonly V1Volume[]): readonly string[] {
  return volumes.flatMap((volume) => {
    const { name, configMap, secret, downwardAPI } = volume;
    const text = (sort: string): string => `volume ${json(name)} (${sort}): overlapping paths`;
    return [
      ...among(pathsOf(configMap?.items), text(`ConfigMap ${json(configMap?.name ?? "")}`)),
      ...among(pathsOf(secret?.items), text(`Secret ${json(secret?.secretName ?? "")}`)),
      ...among(pathsOf(downwardAPI?.items), text("DownwardAPI")),
      ...projected(volume),
    ];
  });
}
