/**
 * Field ownership for the verbs: who owns what after a write, and how it is stored and served.
 * Upstream: apimachinery/pkg/util/managedfields/internal/fieldmanager.go.
 */
import type { Path } from "#apimachinery/fieldpath/element.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Call } from "#apiserver/server.ts";
import type { Entry } from "#store/entry.ts";
import { type Applied, afterApply } from "./apply.ts";
import { OwnershipColumn, type Shapes } from "./column.ts";
import { managerOf } from "./manager.ts";
import {
  isReset,
  noOwners,
  type Operation,
  type Owners,
  ownersFrom,
  type Writer,
} from "./owner.ts";
import { resetFields } from "./reset-fields.ts";
import { ownersOfScale, ownersOfScaled, scaleType, scaleVersion } from "./scale.ts";
import { type Owned, type OwnershipTexts, withManagedFields } from "./served.ts";
import { afterUpdate } from "./update.ts";
import { underPresentSchema, versionsOf } from "./versions.ts";
import type { Json } from "#apimachinery/typed/value.ts";

type Before = Pick<Entry, "value" | "ownership"> | undefined;

export class FieldManager implements OwnershipTexts {
  readonly #column: OwnershipColumn;

  constructor(shapes: Shapes) {
    this.#column = new OwnershipColumn(shapes);
  }

  owners(entry: Before): Owners {
    return entry === undefined ? noOwners : this.#column.read(entry.ownership);
  }
  /** For the store's row. */
  column(owners: Owners): string | null {
    return this.#column.write(owners);
  }
  wire(owned: Owned): string | undefined {
    return this.#column.wire(owned.ownership);
  }
  served(text: string, owned: Owned): string {
    return owned.ownership === null
      ? text
      : withManagedFields(text, this.#column.wire(owned.ownership));
  }
  /** A stored object with its managedFields in it, for patches that look at them. */
  shown(object: KubeObject, entry: Before): KubeObject {
    const text = entry === undefined ? undefined : this.#column.wire(entry.ownership);
    if (text === undefined) return object;
    const managedFields = JSON.parse(text) as KubeObject["metadata"]["managedFields"];
    return { ...object, metadata: { ...object.metadata, managedFields } };
  }

  /** Owners after a create, update or patch to `after`, which is in the stored version. */
  afterUpdate(call: Call, before: Before, after: KubeObject): Owners {
    const live = before?.value as KubeObject | undefined;
    const owners = this.#reconciled(call, this.#base(call, before, after));
    const { managedFields: _sent, ...metadata } = after.metadata;
    const next = after.metadata.managedFields === undefined ? after : { ...after, metadata };
    return afterUpdate(owners, { ...this.#change(call, "Update"), before: live, after: next });
  }

  /** Throws ApplyConflicts. `config` must fit the request's type. */
  afterApply(call: Call, before: Before, config: Json): Applied {
    const live = before?.value as KubeObject | undefined;
    const force = call.request.options.force === true;
    const application = { ...this.#change(call, "Apply"), live, config, force };
    return afterApply(this.#reconciled(call, this.owners(before)), application);
  }

  /** An apply to the Scale of an object whose replicas are at `path`. Throws ApplyConflicts. */
  afterScaleApply(
    call: Call,
    before: Before,
    scale: KubeObject,
    config: Json,
    path: Path,
  ): Applied {
    const parents = this.owners(before);
    const change = this.#change(call, "Apply");
    const { object, owners } = afterApply(ownersOfScale(parents, path), {
      ...change,
      writer: { ...change.writer, apiVersion: scaleVersion },
      versions: () => scaleType,
      reset: (set) => set,
      live: scale,
      config,
      force: call.request.options.force === true,
    });
    const { apiVersion } = call.resource;
    return { object, owners: ownersOfScaled(parents, owners, path, apiVersion) };
  }

  /** Only a definition that has changed may count fields in another way than when they were written. */
  #reconciled(call: Call, owners: Owners): Owners {
    const { generation = 1 } = call.resource.custom?.definition.metadata ?? {};
    return generation === 1 ? owners : underPresentSchema(owners, versionsOf(call));
  }

  #change(call: Call, operation: Operation) {
    const { request, resource, world } = call;
    const { subresource } = request.info;
    const writer: Writer = {
      manager: managerOf(request),
      operation,
      apiVersion: resource.apiVersion,
      subresource,
    };
    return {
      writer,
      // As upstream: what is scaled keeps no time. Upstream: scalehandler.go ToParent.
      seconds: subresource === "scale" ? undefined : Math.floor(world.nowMs() / 1000),
      versions: versionsOf(call),
      reset: resetFields(resource, subresource),
    };
  }

  /** What was sent counts, where it can be read; a subresource's never does. Upstream: decodeLiveOrNew. */
  #base({ request }: Call, before: Before, { metadata }: KubeObject): Owners {
    const { managedFields } = metadata;
    if (managedFields === undefined || request.info.subresource !== "") return this.owners(before);
    if (isReset(managedFields)) return noOwners;
    return ownersFrom(managedFields) ?? this.owners(before);
  }
}
