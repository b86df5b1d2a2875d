/** CSINode. Upstream: pkg/registry/storage/csinode/strategy.go, pkg/apis/storage/validation. */
import type { V1CSINode, V1CSINodeDriver } from "#apimachinery/api/storage-v1.ts";
import { duplicate, FieldPath, invalid, required } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { type Errors, immutable, named, notNegative } from "#apiserver/kinds/rules/rule.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";

const longestId = 256;
const at = new FieldPath("spec").child("drivers");

function driver(errors: Errors, here: FieldPath, given: V1CSINodeDriver, isSecond: boolean): void {
  driverName(errors, here.child("name"), given.name);
  const { nodeID = "", topologyKeys = [] } = given;
  if (nodeID === "") errors.push(required(here.child("nodeID")));
  if (nodeID.length > longestId)
    errors.push(invalid(here.child("nodeID"), nodeID, `must be ${longestId} characters or less`));
  notNegative(errors, here.child("allocatable", "count"), given.allocatable?.count);
  if (isSecond) errors.push(duplicate(here.child("name"), given.name));
  for (const [i, key] of topologyKeys.entries()) {
    if (key === "") errors.push(required(here));
    if (topologyKeys.indexOf(key) < i) errors.push(duplicate(here, key));
    named(errors, here, key, qualifiedName);
  }
}

export const csiNode: Kind<V1CSINode> = {
  gvk: "storage.k8s.io/v1/CSINode",
  unconditionalUpdate: false,
  validate({ spec }) {
    const errors: Errors = [];
    const drivers = spec?.drivers ?? [];
    for (const [i, one] of drivers.entries())
      driver(errors, at.index(i), one, drivers.findIndex(({ name }) => name === one.name) < i);
    return errors;
  },
  /** A driver that is there keeps what it said, but for how many volumes it takes. */
  validateUpdate(next, previous) {
    const errors: Errors = [];
    const fixed = ({ allocatable: _changes, ...rest }: V1CSINodeDriver): object =>
      asInternal(rest, ["name", "nodeID", "topologyKeys", "allocatable"]);
    for (const before of previous.spec?.drivers ?? []) {
      const now = next.spec?.drivers?.find(({ name }) => name === before.name);
      if (now !== undefined) immutable(errors, at, fixed(now), fixed(before));
    }
    return errors;
  },
  columns: columnsOf(
    column(
      "Drivers",
      "integer",
      "Drivers indicates the number of CSI drivers registered on the node",
      ({ spec }: V1CSINode) => (spec?.drivers ?? []).length,
    ),
  ),
};
