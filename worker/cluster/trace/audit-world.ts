/** What the audit log knows beyond the trace: who the components are, and where objects lie. */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Registry } from "#apiserver/registry.ts";
import type { Component, Identity } from "#client/component.ts";
import { bootIdentities } from "#cluster/bootstrap/objects.ts";
import { targetOfObject, targetOfPath } from "./audit-target.ts";
import type { AuditWorld } from "./audit.ts";

export interface AuditSources {
  readonly registry: Registry;
  readonly components: readonly Component[];
  objectAt(revision: number): KubeObject | undefined;
  uuid(key: string): string;
}

/** A kubelet's name in the trace tells its node. */
const kubelet = "kubelet ";

export function auditWorld({ registry, components, objectAt, uuid }: AuditSources): AuditWorld {
  const identities = [...bootIdentities, ...components.map((one) => one.identity(""))];
  const byName = new Map(identities.map((identity) => [identity.name, identity]));
  const kubelets = components.find(({ name }) => name === "kubelet");
  const identityOf = (actor: string): Identity | undefined =>
    actor.startsWith(kubelet) ? kubelets?.identity(actor.slice(kubelet.length)) : byName.get(actor);
  return {
    userOf(actor) {
      const { user: name, groups } = identityOf(actor) ?? { user: actor, groups: [] };
      return { name, groups };
    },
    targetOf: targetOfPath,
    targetOfObject: (obj) => targetOfObject(registry, obj),
    objectAt,
    uuid,
  };
}
