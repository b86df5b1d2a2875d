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
import { cidr, cidrWarnings, isStrictlyWithin, rangeOf } from "#apiserver/kinds/rules/cidr.ts";
import { portNumber } from "#apiserver/kinds/rules/port.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";

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
      // The value that upstream shows is the other one.
      errors.push(invalid(end, port, "must be greater than or equal to `port`"));
    portNumber(errors, end, endPort);
  }
}

type Ranges = readonly string[];

/** `before`: ranges the policy had already, however they are written. */
function block(errors: Errors, at: FieldPath, given: V1IPBlock, before: Ranges): void {
  if (!given.cidr) {
    errors.push(required(at.child("cidr")));
    return;
  }
  cidr(errors, at.child("cidr"), given.cidr, before);
  if (rangeOf(given.cidr) === undefined) return;
  for (const [i, text] of (given.except ?? []).entries()) {
    const here = at.child("except").index(i);
    cidr(errors, here, text, before);
    if (isStrictlyWithin(text, given.cidr) === false)
      errors.push(invalid(here, text, "must be a strict subset of `cidr`"));
  }
}

function peer(
  errors: Errors,
  at: FieldPath,
  { podSelector, namespaceSelector, ipBlock }: V1NetworkPolicyPeer,
  before: Ranges,
): void {
  labelSelector(errors, at.child("podSelector"), podSelector);
  labelSelector(errors, at.child("namespaceSelector"), namespaceSelector);
  if (ipBlock !== undefined) block(errors, at.child("ipBlock"), ipBlock, before);
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

/** Of both directions: rules with the names of their fields. */
const directions = (spec: V1NetworkPolicySpec | undefined) =>
  [
    ["ingress", "from", ingressRules(spec)],
    ["egress", "to", egressRules(spec)],
  ] as const;
const at = new FieldPath("spec");

/** Each range of a policy with its path. */
const ranges = (spec: V1NetworkPolicySpec | undefined): readonly (readonly [FieldPath, string])[] =>
  directions(spec).flatMap(([field, peers, rules]) =>
    rules.flatMap((rule, i) =>
      (rule.peers ?? []).flatMap(({ ipBlock }, n) => {
        const here = at.child(field).index(i).child(peers).index(n).child("ipBlock");
        if (ipBlock === undefined) return [];
        const except = (ipBlock.except ?? []).map(
          (text, k) => [here.child("except").index(k), text] as const,
        );
        return [[here.child("cidr"), ipBlock.cidr] as const, ...except];
      }),
    ),
  );

function judged({ spec }: V1NetworkPolicy, before: Ranges): Errors {
  const errors: Errors = [];
  labelSelector(errors, at.child("podSelector"), spec?.podSelector);
  for (const [field, peers, rules] of directions(spec))
    for (const [i, rule] of rules.entries()) {
      const here = at.child(field).index(i);
      for (const [n, port] of (rule.ports ?? []).entries())
        policyPort(errors, here.child("ports").index(n), port);
      for (const [n, one] of (rule.peers ?? []).entries())
        peer(errors, here.child(peers).index(n), one, before);
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
  validateCreate: (policy) => judged(policy, []),
  validateUpdate: (next, { spec }) =>
    judged(
      next,
      ranges(spec).map(([, text]) => text),
    ),
  warnings: ({ spec }) => ranges(spec).flatMap(([here, text]) => cidrWarnings(here, text ?? "")),
  columns: columnsOf(
    column(
      "Pod-Selector",
      "string",
      doc("networking.v1.NetworkPolicySpec.podSelector"),
      ({ spec }: V1NetworkPolicy) => selectorText(spec?.podSelector) || "<none>",
    ),
  ),
};
