/** A device as claims tell it apart: a part of it that is shared has an id of its own. Upstream: dynamic-resource-allocation/structured/schedulerapi SharedDeviceID. */
interface Given {
  readonly driver?: string | undefined;
  readonly pool?: string | undefined;
  readonly device?: string | undefined;
  readonly shareID?: string | undefined;
}
interface DeviceId {
  readonly Driver: string;
  readonly Pool: string;
  readonly Device: string;
  readonly ShareID: string;
}
/** With the names that refusals show. */
export const deviceId = ({
  driver = "",
  pool = "",
  device = "",
  shareID = "",
}: Given): DeviceId => ({
  Driver: driver,
  Pool: pool,
  Device: device,
  ShareID: shareID,
});
const text = (given: Given): string => JSON.stringify(deviceId(given));

interface Allocated {
  readonly allocation?:
    | { readonly devices?: { readonly results?: readonly Given[] | undefined } | undefined }
    | undefined;
}
/** Whether a device is among those that a claim was given. */
export function isAllocatedIn(status: Allocated | undefined): (device: Given) => boolean {
  const ids = new Set((status?.allocation?.devices?.results ?? []).map(text));
  return (device) => ids.has(text(device));
}
