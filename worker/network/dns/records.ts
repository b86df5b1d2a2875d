/**
 * What CoreDNS's `kubernetes` plugin answers for the zone cluster.local, from the cluster's objects. Pure.
 * Upstream: coredns/plugin/kubernetes (kubernetes.go, parse.go, reverse.go), kubernetes/dns specification 1.1.0.
 */
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1Endpoint, V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";

export type RecordType = "A" | "AAAA" | "CNAME" | "SRV" | "PTR" | "TXT";
export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  /** An address, a name, a text; for SRV `<priority> <weight> <port> <target>`. */
  readonly value: string;
}
export interface DnsReply {
  readonly code: "NOERROR" | "NXDOMAIN" | "SERVFAIL";
  readonly records: readonly DnsRecord[];
}

/** What the server knows of the cluster. */
export interface NameSource {
  service(namespace: string, name: string): V1Service | undefined;
  slices(namespace: string, service: string): readonly V1EndpointSlice[];
  hasNamespace(name: string): boolean;
  servicesAt(ip: string): readonly V1Service[];
  slicesAt(ip: string): readonly V1EndpointSlice[];
}

export const zone = "cluster.local";
const schema = "1.1.0";

const missing: DnsReply = { code: "NXDOMAIN", records: [] };
const failed: DnsReply = { code: "SERVFAIL", records: [] };
const empty: DnsReply = { code: "NOERROR", records: [] };
const found = (records: readonly DnsRecord[]): DnsReply => ({ code: "NOERROR", records });

/**
 * Names outside of the zone would be forwarded to the node's own resolver; from in here nobody answers, hence
 * SERVFAIL.
 */
export function replyTo(source: NameSource, asked: string, type: RecordType): DnsReply {
  const name = asked.toLowerCase().replace(/\.$/, "");
  const reversed = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  if (reversed !== null)
    return type === "PTR" ? reverse(source, name, reversed.slice(1).toReversed().join(".")) : empty;
  if (name === zone) return empty;
  if (!name.endsWith(`.${zone}`)) return failed;
  const labels = name.slice(0, -zone.length - 1).split(".");
  if (name === `dns-version.${zone}`)
    return type === "TXT" ? found([{ name, type, value: schema }]) : empty;
  const kind = labels.pop();
  if (kind === "pod") return podReply(source, { name, type }, labels);
  return kind === "svc" ? serviceReply(source, { name, type }, labels) : missing;
}

interface Question {
  readonly name: string;
  readonly type: RecordType;
}

/** `10-244-1-5.default.pod`: whatever the address, as `pods insecure` has it. */
function podReply(source: NameSource, { name, type }: Question, labels: string[]): DnsReply {
  const namespace = labels.pop();
  if (namespace === undefined) return empty;
  if (!source.hasNamespace(namespace)) return missing;
  const [dashed] = labels;
  if (dashed === undefined) return empty;
  if (labels.length > 1 || !/^\d{1,3}(-\d{1,3}){3}$/.test(dashed)) return missing;
  return type === "A" ? found([{ name, type, value: dashed.replaceAll("-", ".") }]) : empty;
}

function serviceReply(source: NameSource, question: Question, labels: string[]): DnsReply {
  const namespace = labels.pop();
  if (namespace === undefined) return empty;
  if (!source.hasNamespace(namespace)) return missing;
  const name = labels.pop();
  if (name === undefined) return empty;
  const service = source.service(namespace, name);
  if (service === undefined) return missing;
  const { spec } = service;
  if (spec?.type === "ExternalName")
    return labels.length > 0
      ? missing
      : found([{ name: question.name, type: "CNAME", value: spec.externalName ?? "" }]);
  const base = `${name}.${namespace}.svc.${zone}`;
  const [first = "", second = ""] = labels;
  if (first.startsWith("_") || second.startsWith("_"))
    return namedPorts(source, service, question, { base, labels });
  if (labels.length > 1) return missing;
  const isHeadless = spec?.clusterIP === "None";
  if (!isHeadless && first === "") {
    const value = spec?.clusterIP ?? "";
    if (question.type === "A") return found([{ name: question.name, type: "A", value }]);
    return question.type === "SRV"
      ? found(
          (spec?.ports ?? []).map(({ port }) =>
            srv(question.name, 1 / (spec?.ports ?? []).length, port, base),
          ),
        )
      : empty;
  }
  const endpoints = endpointsOf(source.slices(namespace, name)).filter(
    ({ endpoint }) => first === "" || hostOf(endpoint) === first,
  );
  if (endpoints.length === 0) return missing;
  if (question.type === "SRV")
    return found(
      endpoints.flatMap(({ endpoint, slice }) =>
        (slice.ports ?? []).map(({ port = 0 }) =>
          srv(question.name, 1 / endpoints.length, port, `${hostOf(endpoint)}.${base}`),
        ),
      ),
    );
  if (question.type !== "A") return empty;
  const addresses = new Set(endpoints.flatMap(({ endpoint }) => endpoint.addresses));
  return found([...addresses].map((value) => ({ name: question.name, type: "A", value })));
}

/** `_http._tcp.web.default.svc`. */
function namedPorts(
  source: NameSource,
  { spec, metadata }: V1Service,
  { name, type }: Question,
  { base, labels }: { readonly base: string; readonly labels: readonly string[] },
): DnsReply {
  const [portLabel = "", protocolLabel = "", ...rest] = labels;
  if (rest.length > 0) return missing;
  const matches = (port: { name?: string | undefined; protocol?: string | undefined }): boolean =>
    `_${port.name ?? ""}` === portLabel &&
    `_${(port.protocol ?? "TCP").toLowerCase()}` === protocolLabel;
  const targets =
    spec?.clusterIP === "None"
      ? endpointsOf(source.slices(metadata.namespace ?? "", metadata.name ?? "")).flatMap(
          ({ endpoint, slice }) =>
            (slice.ports ?? [])
              .filter(matches)
              .map(({ port = 0 }) => ({ port, target: `${hostOf(endpoint)}.${base}` })),
        )
      : (spec?.ports ?? []).filter(matches).map(({ port }) => ({ port, target: base }));
  if (targets.length === 0) return missing;
  if (type !== "SRV") return empty;
  return found(targets.map(({ port, target }) => srv(name, 1 / targets.length, port, target)));
}

const srv = (name: string, share: number, port: number, target: string): DnsRecord => ({
  name,
  type: "SRV",
  value: `0 ${Math.floor(100 * share)} ${port} ${target}`,
});

interface Reached {
  readonly endpoint: V1Endpoint;
  readonly slice: V1EndpointSlice;
}
/** Ready ones alone; what publishes not-ready addresses says of itself that it is ready. */
const endpointsOf = (slices: readonly V1EndpointSlice[]): readonly Reached[] =>
  slices.flatMap((slice) =>
    slice.addressType !== "IPv4"
      ? []
      : (slice.endpoints ?? [])
          .filter(({ conditions }) => conditions?.ready !== false)
          .map((endpoint) => ({ endpoint, slice })),
  );

/** An endpoint's label below its Service. */
const hostOf = ({ hostname, addresses }: V1Endpoint): string =>
  hostname ?? (addresses[0] ?? "").replaceAll(".", "-");

function reverse(source: NameSource, name: string, ip: string): DnsReply {
  const nameOf = (namespace: string | undefined, service: string): string =>
    `${service}.${namespace}.svc.${zone}`;
  const [service] = source.servicesAt(ip);
  if (service !== undefined) {
    const { namespace, name: serviceName = "" } = service.metadata;
    return found([{ name, type: "PTR", value: nameOf(namespace, serviceName) }]);
  }
  const records = source.slicesAt(ip).flatMap((slice): DnsRecord[] => {
    const owner = slice.metadata.labels?.["kubernetes.io/service-name"];
    const endpoint = endpointsOf([slice]).find((one) => one.endpoint.addresses.includes(ip));
    if (owner === undefined || endpoint === undefined) return [];
    const value = `${hostOf(endpoint.endpoint)}.${nameOf(slice.metadata.namespace, owner)}`;
    return [{ name, type: "PTR", value }];
  });
  return records.length > 0 ? found(records) : missing;
}
