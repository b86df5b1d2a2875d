/** The ReplicationController's controller. Upstream: pkg/controller/replication/{replication_controller,conversion}.go. */
import type { V1ReplicationControllerSpec } from "#apimachinery/api/core-v1.ts";
import { replicaController } from "./replicas.ts";

export const replicationController = replicaController({
  kind: "v1/ReplicationController",
  account: "replication-controller",
  name: "replication-controller",
  selector: ({ spec }) => {
    const { selector } = (spec ?? {}) as V1ReplicationControllerSpec;
    return selector === undefined ? undefined : { matchLabels: selector };
  },
  countsTerminating: false,
});
