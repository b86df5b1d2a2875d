/** NetworkPolicy. Upstream: pkg/registry/networking/networkpolicy/strategy.go, pkg/apis/networking/validation ValidateNetworkPolicySpec. */
import type {
  V1IPBlock,
  V1NetworkPolicy,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1NetworkPolicySpec,
} from "#apimachinery/api/networking-v1.ts";
import { FieldPath, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { portName } from "#apimachinery/names.ts";
import { selectorText } from "#apimachinery/selector.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { cidr } from "#apiserver/kinds/rules/address.ts";
import { portNumber } from "#apiserver/kinds/rules/port.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";
import { isStrictlyWithin } from "./range.ts";

const protocols = ["TCP", "UDP", "SCTP"];
const policyTypes = ["Ingress", "Egress"];

function policyPort(errors: Errors, at: FieldPath, given: V1NetworkPolicyPort): void {
  const { protocol, port, endPort } = given;
  const end = at.child("endPort");
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(unsupported(at.child("protocol"), protocol, protocols, "listed"));
  if (port === undefined) {
    if (endPort !== undefined)
      errors.push(invalid(end, endPort, "may not be specified when `port` is not specified"));
  } else if (typeof port === "string") {
    if (endPort !== undefined)
      errors.push(invalid(end, endPort, "may not be specified when `port` is non-numeric"));
    named(errors, at.child("port"), port, portName);
  } else {
    portNumber(errors, at.child("port"), port);
    if (endPort === undefined) return;
    if (endPort < port)
      errors.push(invalid(end, endPort, "must be greater than or equal to `port`"));
    portNumber(errors, end, endPort);
  }
}

function block(errors: Errors, at: FieldPath, given: V1IPBlock): void {
  if (!given.cidr) {
    errors.push(required(at.child("cidr")));
    return;
  }
  const seen = errors.length;
  cidr(errors, at.child("cidr"), given.cidr);
  if (errors.length > seen) return;
  for (const [i, text] of (given.except ?? []).entries()) {
    const here = at.child("except").index(i);
    const found = errors.length;
    cidr(errors, here, text);
    if (errors.length === found && !isStrictlyWithin(text, given.cidr))
      errors.push(invalid(here, text, "must be a strict subset of `cidr`"));
  }
}

function peer(
  errors: Errors,
  at: FieldPath,
  { podSelector, namespaceSelector, ipBlock }: V1NetworkPolicyPeer,
): void {
  labelSelector(errors, at.child("podSelector"), podSelector);
  labelSelector(errors, at.child("namespaceSelector"), namespaceSelector);
  if (ipBlock !== undefined) block(errors, at.child("ipBlock"), ipBlock);
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && ipBlock === undefined) errors.push(required(at, "must specify a peer"));
  else if (hasSelector && ipBlock !== undefined)
    errors.push(forbidden(at, "may not specify both ipBlock and another peer"));
}

interface PolicyRule {
  readonly ports?: readonly V1NetworkPolicyPort[] | undefined;
  readonly peers?: readonly V1NetworkPolicyPeer[] | undefined;
}
const ingressRules = (spec: V1NetworkPolicySpec | undefined): readonly PolicyRule[] =>
  (spec?.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from }));
const egressRules = (spec: V1NetworkPolicySpec | undefined): readonly PolicyRule[] =>
  (spec?.egress ?? []).map(({ ports, to }) => ({ ports, peers: to }));

function validate({ spec }: V1NetworkPolicy): Errors {
  const errors: Errors = [];
  const at = new FieldPath("spec");
  labelSelector(errors, at.child("podSelector"), spec?.podSelector);
  for (const [field, peers, rules] of [
    ["ingress", "from", ingressRules(spec)],
    ["egress", "to", egressRules(spec)],
  ] as const)
    for (const [i, rule] of rules.entries()) {
      const here = at.child(field).index(i);
      for (const [n, port] of (rule.ports ?? []).entries())
        policyPort(errors, here.child("ports").index(n), port);
      for (const [n, one] of (rule.peers ?? []).entries())
        peer(errors, here.child(peers).index(n), one);
    }
  const types = spec?.policyTypes ?? [];
  if (types.length > policyTypes.length)
    errors.push(
      invalid(at.child("policyTypes"), types, "may not specify more than two policyTypes"),
    );
  else
    for (const [i, type] of types.entries())
      if (!policyTypes.includes(type))
        errors.push(unsupported(at.child("policyTypes").index(i), type, policyTypes, "listed"));
  return errors;
}

const withProtocols = <T extends { readonly ports?: readonly V1NetworkPolicyPort[] | undefined }>(
  rules: readonly T[],
): readonly T[] =>
  each(rules, (rule) =>
    change(
      rule,
      "ports",
      (ports) =>
        each(ports as readonly V1NetworkPolicyPort[], (port) =>
          fill(port, { protocol: "TCP" }),
        ) as T["ports"],
    ),
  );

export const networkPolicy: Kind<V1NetworkPolicy> = {
  gvk: "networking.k8s.io/v1/NetworkPolicy",
  defaults: (object) =>
    change(object, "spec", (spec) => {
      const policyTypesOf = (spec.egress ?? []).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
      const typed =
        (spec.policyTypes ?? []).length === 0 ? { ...spec, policyTypes: policyTypesOf } : spec;
      const selecting = typed.podSelector === undefined ? { ...typed, podSelector: {} } : typed;
      return change(change(selecting, "ingress", withProtocols), "egress", withProtocols);
    }),
  validate,
  columns: columnsOf(
    column(
      "Pod-Selector",
      "string",
      doc("networking.v1.NetworkPolicySpec.podSelector"),
      ({ spec }: V1NetworkPolicy) => selectorText(spec?.podSelector) || "<none>",
    ),
  ),
};
