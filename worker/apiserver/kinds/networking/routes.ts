/** Ingress and NetworkPolicy: served and shown; nothing acts on them yet. Upstream: pkg/registry/networking. */
import type { V1Ingress, V1NetworkPolicy } from "#apimachinery/api/networking-v1.ts";
import { selectorText } from "#apimachinery/selector.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const hosts = ({ spec }: V1Ingress): string => {
  const all = (spec?.rules ?? []).map(({ host }) => host || "*");
  return all.length === 0
    ? "*"
    : all.length > 3
      ? `${all.slice(0, 3).join(",")} + ${all.length - 3} more...`
      : all.join(",");
};
export const ingress: Kind<V1Ingress> = {
  gvk: "networking.k8s.io/v1/Ingress",
  columns: columnsOf(
    column(
      "Class",
      "string",
      "Which controller it is for.",
      ({ spec }: V1Ingress) => spec?.ingressClassName ?? "<none>",
    ),
    column("Hosts", "string", "Hosts it answers for.", hosts),
    column("Address", "string", "Where it is reached.", ({ status }: V1Ingress) =>
      (status?.loadBalancer?.ingress ?? [])
        .map(({ ip, hostname }) => ip || hostname || "")
        .join(","),
    ),
    column("Ports", "string", "Ports it listens on.", ({ spec }: V1Ingress) =>
      (spec?.tls ?? []).length > 0 ? "80, 443" : "80",
    ),
  ),
};
export const networkPolicy: Kind<V1NetworkPolicy> = {
  gvk: "networking.k8s.io/v1/NetworkPolicy",
  columns: columnsOf(
    column("Pod-Selector", "string", "Which Pods it is about.", ({ spec }: V1NetworkPolicy) =>
      selectorText(spec?.podSelector),
    ),
  ),
};
