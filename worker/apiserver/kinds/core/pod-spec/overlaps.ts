/** Files of one volume that lie upon each other. Upstream: pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths. */
import type { V1Volume, V1VolumeProjection } from "#apimachinery/api/core-v1.ts";

const json = JSON.stringify;

function collision(paths: Iterable<string>, path: string): string | undefined {
  for (const item of paths) {
    if (item === "" || path === "") return undefined;
    if (item === path || `${item}/`.startsWith(path) || `${path}/`.startsWith(item)) return item;
  }
  return undefined;
}
function among(paths: readonly string[], text: string): readonly string[] {
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const normal = path.replace(/\/+$/, "");
    const found = collision(seen, normal);
    seen.add(normal);
    return found ? [`${text}: ${json(normal)} with ${json(found)}`] : [];
  });
}
const pathsOf = (items: readonly { readonly path: string }[] | undefined): readonly string[] =>
  (items ?? []).map(({ path }) => path);

function projection(source: V1VolumeProjection): readonly [string, readonly string[]] | undefined {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap?.items !== undefined)
    return [`ConfigMap ${json(configMap.name ?? "")}`, pathsOf(configMap.items)];
  if (secret?.items !== undefined)
    return [`Secret ${json(secret.name ?? "")}`, pathsOf(secret.items)];
  if (downwardAPI?.items !== undefined) return ["DownwardAPI", pathsOf(downwardAPI.items)];
  if (serviceAccountToken !== undefined) return ["ServiceAccountToken", [serviceAccountToken.path]];
  return undefined;
}

function projected({ name, projected: given }: V1Volume): readonly string[] {
  const all = new Set<string>();
  return (given?.sources ?? []).flatMap((source) => {
    if (Object.values(source).every((one) => one === undefined))
      return [`volume ${json(name)} (Projected) has no sources provided`];
    const [sort, paths] = projection(source) ?? ["", []];
    if (paths.length === 0) return [];
    const text = `volume ${json(name)} (Projected ${sort}): overlapping paths`;
    const unique = [...new Set(paths)];
    const found = [...among(paths, text), ...among([...unique, ...all].toSorted(), text)];
    for (const path of unique) all.add(path);
    return found;
  });
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
