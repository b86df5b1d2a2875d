/**
 * kube-proxy on every node, as one component: a key is a Service. It writes nothing to the API; a
 * change of a Service's rules is a fact that names the node and the first of the new rules.
 * Upstream: pkg/proxy/iptables/proxier.go.
 */
import type { V1Node, V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import type { Component, Identity, Result, Step } from "#client/component.ts";
import { done } from "#client/component.ts";
import type { Informer, Informers } from "#client/informer.ts";
import type { Address } from "./connection.ts";
import { addServiceRules, noRules } from "./rules.ts";
import {
  allServicePorts,
  serviceNameLabel,
  servicePortsOf,
  type ServicePort,
} from "./service-ports.ts";
import { iptablesSave } from "./iptables.ts";

/** Index of EndpointSlices by `<namespace>/<service>`. */
const byService = "service";
/** Index of Services by `<address>:<port>` and by `node:<node port>`; made when a packet first asks. */
const byDestination = "destination";
/** A fact tells at most so many characters of rules. */
const toldCharacters = 1500;
/** Endpoints rendered for a fact; the rest follows the same pattern. */
const toldEndpoints = 8;
/** With more nodes than that, one fact speaks for all. */
const toldNodes = 10;

const identity: Identity = {
  name: "kube-proxy",
  user: "system:serviceaccount:kube-system:kube-proxy",
  groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
};

/** The kernel's rules survive kube-proxy; so does what was told of them. */
export interface RuleMemory {
  get<T>(name: string): T | undefined;
  put(name: string, value: unknown): void;
  delete(name: string): void;
}

export interface ProxyOptions {
  readonly clusterCidr: string;
  readonly memory: RuleMemory;
}

export class KubeProxies implements Component {
  readonly name = "kube-proxy";
  readonly #options: ProxyOptions;
  #services: Informer<V1Service> | undefined;
  #slices: Informer<V1EndpointSlice> | undefined;
  #nodes: Informer<V1Node> | undefined;

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  identity(): Identity {
    return identity;
  }

  start(informers: Informers, enqueue: (key: string, cause: number) => void): void {
    this.#nodes = informers.informer<V1Node>("v1/Node");
    this.#services = informers.informer<V1Service>("v1/Service");
    this.#slices = informers.informer<V1EndpointSlice>("discovery.k8s.io/v1/EndpointSlice");
    this.#slices.addIndex(byService, (slice) => [serviceOf(slice)]);
    this.#services.onEvent(({ key, revision }) => enqueue(key, revision));
    this.#slices.onEvent(({ object, revision }) => enqueue(serviceOf(object), revision));
  }

  reconcile(key: string, step: Step): Result {
    const service = this.#services?.get(key);
    const row = `rules/${key}`;
    const { memory } = this.#options;
    const before = memory.get<string>(row);
    const text =
      service === undefined
        ? ""
        : this.#textOf(servicePortsOf(service, this.#slices?.byIndex(byService, key) ?? []));
    if (text === (before ?? "")) return done;
    if (text === "") memory.delete(row);
    else memory.put(row, text);
    const nodes = this.#nodes?.list().map(({ metadata }) => metadata.name ?? "") ?? [];
    const told = nodes.length > toldNodes ? [`all ${nodes.length} nodes`] : nodes;
    const said = text === "" ? `removes the rules of ${key}` : text;
    for (const node of told)
      step.explain({ type: "rules", obj: `services/${key}`, data: { node, text: said } });
    return done;
  }

  /** `iptables-save` of a node, now. */
  save(node: string): string {
    return iptablesSave(this.ports(), { node, clusterCidr: this.#options.clusterCidr });
  }
  /** Undefined until it runs. */
  get nodes(): Informer<V1Node> | undefined {
    return this.#nodes;
  }
  /** The Service ports whose rules could match a packet; `isToNode`: node ports are asked for too. */
  portsAt({ ip, port }: Address, protocol: string, isToNode: boolean): readonly ServicePort[] {
    const services = this.#services;
    if (services === undefined) return [];
    services.addIndex(byDestination, destinationsOf);
    const found = [
      ...services.byIndex(byDestination, `${ip}:${port}`),
      ...(isToNode ? services.byIndex(byDestination, `node:${port}`) : []),
    ];
    return found.flatMap((service) =>
      servicePortsOf(
        service,
        this.#slices?.byIndex(
          byService,
          `${service.metadata.namespace}/${service.metadata.name}`,
        ) ?? [],
      ).filter((one) => one.protocol === protocol && (one.port === port || one.nodePort === port)),
    );
  }
  ports(): readonly ServicePort[] {
    return allServicePorts(this.#services?.list() ?? [], this.#slices?.list() ?? []);
  }

  /** The head of what a node without local endpoints has of these ports. */
  #textOf(ports: readonly ServicePort[]): string {
    const rules = noRules();
    const place = { node: "", clusterCidr: this.#options.clusterCidr, large: false };
    const more: string[] = [];
    for (const port of ports) {
      const count = port.endpoints.length;
      if (count > toldEndpoints) more.push(`# ${port.name}: ${count} endpoints`);
      addServiceRules(rules, count > toldEndpoints ? headOf(port) : port, place);
    }
    const lines = [
      ...rules.services,
      ...rules.filterServices,
      ...rules.nodePorts,
      ...more,
      ...rules.nat,
    ];
    return lines.join("\n").slice(0, toldCharacters);
  }
}

/** The first endpoints alone. */
const headOf = (port: ServicePort): ServicePort => ({
  ...port,
  endpoints: port.endpoints.slice(0, toldEndpoints),
});

/** Every address and port at which a Service may be called. */
function destinationsOf({ spec, status }: V1Service): readonly string[] {
  const ips = new Set([
    ...(spec?.clusterIP === undefined ? [] : [spec.clusterIP]),
    ...(spec?.externalIPs ?? []),
    ...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === undefined ? [] : [ip])),
  ]);
  const found = new Set<string>();
  for (const { port, nodePort } of spec?.ports ?? []) {
    for (const ip of ips) found.add(`${ip}:${port}`);
    if (nodePort) found.add(`node:${nodePort}`);
  }
  return [...found];
}

const serviceOf = ({ metadata }: V1EndpointSlice): string =>
  `${metadata.namespace}/${metadata.labels?.[serviceNameLabel] ?? ""}`;
