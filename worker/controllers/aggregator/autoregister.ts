/**
 * Keeps an APIService for every group version that the server itself serves: built-in ones and those of definitions.
 * Upstream: kube-aggregator/pkg/controllers/autoregister/autoregister_controller.go,
 * pkg/controlplane/controller/crdregistration/crdregistration_controller.go.
 */
import type { V1APIService } from "#apimachinery/api/apiregistration-v1.ts";
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { resources } from "#apimachinery/api/schema.ts";
import { priorityOf, versionPriorityOf } from "#apimachinery/group-priority.ts";
import { isReason } from "#apimachinery/status.ts";
import { resourceMetrics } from "#apimachinery/api/resource-metrics.ts";
import { done } from "#client/component.ts";
import { ControllerComponent } from "#controllers/controller-component.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { definitionKind } from "#controllers/custom-kinds.ts";

export const apiServiceKind = "apiregistration.k8s.io/v1/APIService";
const managed = "kube-aggregator.kubernetes.io/automanaged";

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}
const nameOf = ({ group, version }: GroupVersion): string => `${version}.${group}`;

/** The aggregator's own group is none that it is told of. */
const builtIn: ReadonlyMap<string, GroupVersion> = new Map(
  [...resources, ...resourceMetrics]
    .filter(({ group }) => group !== "apiregistration.k8s.io")
    .map(({ group, version }) => [nameOf({ group, version }), { group, version }]),
);

/** What is registered by itself under a name. */
function wanted(name: string, step: ControllerStep): V1APIService | undefined {
  const own = builtIn.get(name);
  if (own !== undefined)
    return apiService(own, "onstart", priorityOf(own.group), versionPriorityOf(own));
  const dot = name.indexOf(".");
  const [version, group] = [name.slice(0, dot), name.slice(dot + 1)];
  const isServed = step
    .lister<V1CustomResourceDefinition>(definitionKind)
    .list()
    .some(
      ({ spec }) =>
        spec.group === group && spec.versions.some((one) => one.served && one.name === version),
    );
  return isServed ? apiService({ group, version }, "true", 1000, 100) : undefined;
}

const apiService = (
  { group, version }: GroupVersion,
  how: "onstart" | "true",
  groupPriorityMinimum: number,
  versionPriority: number,
): V1APIService => ({
  kind: "APIService",
  apiVersion: "apiregistration.k8s.io/v1",
  metadata: { name: nameOf({ group, version }), labels: { [managed]: how } },
  spec: { ...(group === "" ? {} : { group }), version, groupPriorityMinimum, versionPriority },
});

/** Keys are names of APIServices. */
export const autoregister: Omit<Controller, "account"> = {
  name: "autoregister",
  watches: apiServiceKind,
  maps: {
    [definitionKind]: ({ object }) => {
      const { group, versions } = (object as V1CustomResourceDefinition).spec;
      return versions.map(({ name }) => nameOf({ group, version: name }));
    },
  },
  reconcile(key, step) {
    const present = step.lister<V1APIService>(apiServiceKind).get(key);
    const service = wanted(key, step);
    if (service === undefined) {
      // Only what was registered by itself goes by itself.
      if (present?.metadata.labels?.[managed] === "true") remove(key, step);
      return done;
    }
    if (present !== undefined) return done;
    try {
      step.client.create(service);
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
    }
    return done;
  },
};

function remove(name: string, { client }: ControllerStep): void {
  try {
    client.delete({ kind: apiServiceKind, name });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

/** Looks at the built-in ones once, when it starts. */
export class Autoregister extends ControllerComponent {
  override start(...[informers, enqueue]: Parameters<ControllerComponent["start"]>): void {
    super.start(informers, enqueue);
    for (const name of builtIn.keys()) enqueue(name, 0);
  }
}
