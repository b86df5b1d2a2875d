/** Every namespace has the cluster's CA as a ConfigMap. Upstream: pkg/controller/certificates/rootcacertpublisher/publisher.go. */
import type { V1ConfigMap, V1Namespace } from "#apimachinery/api/core-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { isTerminating } from "./pod-control.ts";

const kind = "v1/ConfigMap";
const name = "kube-root-ca.crt";
const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

function reconcile(key: string, step: ControllerStep): Result {
  const namespace = step.lister<V1Namespace>("v1/Namespace").get(key);
  if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return done;
  const certificate = step.signer.rootCa;
  const present = step.lister<V1ConfigMap>(kind).get(`${key}/${name}`);
  if (present?.data?.["ca.crt"] === certificate) return done;
  const annotations = { "kubernetes.io/description": description };
  const wanted: V1ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: key, annotations },
    data: { "ca.crt": certificate },
  };
  try {
    if (present === undefined) step.client.create(wanted);
    else
      step.client.update<V1ConfigMap>({
        ...present,
        metadata: {
          ...present.metadata,
          annotations: { ...present.metadata.annotations, ...annotations },
        },
        data: wanted.data,
      });
  } catch (error) {
    if (!isReason(error, "AlreadyExists") && !isTerminating(error)) throw error;
  }
  return done;
}

export const rootCa: Controller = {
  name: "root-ca-certificate-publisher-controller",
  account: "root-ca-cert-publisher",
  watches: "v1/Namespace",
  maps: {
    [kind]: ({ object }) =>
      object.metadata.name === name ? [object.metadata.namespace ?? ""] : [],
  },
  reconcile,
};
