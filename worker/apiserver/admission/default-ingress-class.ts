/** An Ingress that names no class gets the default one. Upstream: plugin/pkg/admission/network/defaultingressclass/admission.go. */
import type { V1Ingress, V1IngressClass } from "#apimachinery/api/networking-v1.ts";
import type { Admission } from "./admission.ts";
import { newestMarked } from "./newest-marked.ts";

const classAnnotation = "kubernetes.io/ingress.class";
const marks = ["ingressclass.kubernetes.io/is-default-class"];

export const defaultIngressClass: Admission<V1Ingress> = {
  name: "DefaultIngressClass",
  on: { resources: ["ingresses.networking.k8s.io"], operations: ["CREATE"] },
  mutate({ object, context }) {
    const ingress = object as V1Ingress;
    if (ingress.spec?.ingressClassName !== undefined) return ingress;
    if (ingress.metadata.annotations?.[classAnnotation] !== undefined) return ingress;
    const classes = context.list<V1IngressClass>("networking.k8s.io/v1/IngressClass");
    const ingressClassName = newestMarked(classes, marks)?.metadata.name;
    return ingressClassName === undefined
      ? ingress
      : { ...ingress, spec: { ...ingress.spec, ingressClassName } };
  },
};
