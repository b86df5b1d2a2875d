/** The ReplicaSet controller. Upstream: pkg/controller/replicaset/replica_set.go NewReplicaSetController. */
import { replicaController } from "./replicas.ts";

export const replicaSet = replicaController({
  kind: "apps/v1/ReplicaSet",
  account: "replicaset-controller",
  name: "replicaset-controller",
  selector: ({ spec }) => spec?.selector,
  countsTerminating: true,
});
