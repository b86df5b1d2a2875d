/** The subsets of Endpoints as slices want them: ports that have the same addresses are together. Upstream: pkg/api/v1/endpoints/util.go RepackSubsets. */
import type {
  V1EndpointPort,
  V1EndpointAddress,
  V1EndpointSubset,
} from "#apimachinery/api/core-v1.ts";

interface Address {
  readonly address: V1EndpointAddress;
  readonly ready: boolean;
}
/** `ports` is empty where the subset names none. */
export interface Subset {
  readonly ports: readonly V1EndpointPort[];
  /** The ready ones first. */
  readonly addresses: readonly Address[];
}

export function repacked(subsets: readonly V1EndpointSubset[]): readonly Subset[] {
  const known = new Map<string, V1EndpointAddress>();
  const perPort = new Map<
    string,
    { port: V1EndpointPort | undefined; ready: Map<string, boolean> }
  >();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    for (const port of ports.length === 0 ? [undefined] : ports) {
      const id = JSON.stringify(port ?? null);
      const group = perPort.get(id) ?? { port, ready: new Map<string, boolean>() };
      perPort.set(id, group);
      const enter = (address: V1EndpointAddress, ready: boolean): void => {
        const key = `${address.ip} ${address.targetRef?.uid ?? ""}`;
        if (!known.has(key)) known.set(key, address);
        // Not ready once is not ready.
        if (group.ready.get(key) !== false) group.ready.set(key, ready);
      };
      for (const address of addresses) enter(address, true);
      for (const address of notReadyAddresses) enter(address, false);
    }
  }
  const groups = Map.groupBy(perPort.values(), ({ ready }) =>
    JSON.stringify([...ready].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
  return [...groups.values()].map((group) => ({
    ports: group.flatMap(({ port }) => (port === undefined ? [] : [port])),
    addresses: [...(group[0]?.ready ?? [])]
      .map(([key, ready]) => ({ address: known.get(key) as V1EndpointAddress, ready }))
      .toSorted((a, b) => Number(b.ready) - Number(a.ready)),
  }));
}
