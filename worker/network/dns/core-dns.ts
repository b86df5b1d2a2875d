/**
 * CoreDNS as a client of the API: what it knows of Services, EndpointSlices and Namespaces, under its own
 * account's rights. It writes nothing, and begins to watch when the first question comes.
 * Upstream: coredns/plugin/kubernetes/controller.go.
 */
import type { V1Namespace, V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import type { Component, Identity, Result } from "#client/component.ts";
import { done } from "#client/component.ts";
import type { Informer, Informers } from "#client/informer.ts";
import { serviceNameLabel } from "#network/service-ports.ts";
import { type DnsReply, type NameSource, type RecordType, replyTo } from "./records.ts";

const byService = "service";
const byAddress = "address";

const identity: Identity = {
  name: "coredns",
  user: "system:serviceaccount:kube-system:coredns",
  groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
};

export class CoreDns implements Component {
  readonly name = "coredns";
  #informers: Informers | undefined;
  #source: NameSource | undefined;

  identity(): Identity {
    return identity;
  }
  start(informers: Informers): void {
    this.#informers = informers;
  }
  reconcile(): Result {
    return done;
  }

  reply(name: string, type: RecordType): DnsReply {
    if (this.#informers === undefined) return { code: "SERVFAIL", records: [] };
    this.#source ??= sourceOf(this.#informers);
    return replyTo(this.#source, name, type);
  }
}

function sourceOf(informers: Informers): NameSource {
  const services: Informer<V1Service> = informers.informer("v1/Service");
  const namespaces: Informer<V1Namespace> = informers.informer("v1/Namespace");
  const slices: Informer<V1EndpointSlice> = informers.informer("discovery.k8s.io/v1/EndpointSlice");
  services.addIndex(byAddress, ({ spec }) =>
    spec?.clusterIP === undefined || spec.clusterIP === "None" ? [] : [spec.clusterIP],
  );
  slices.addIndex(byService, ({ metadata }) => [
    `${metadata.namespace}/${metadata.labels?.[serviceNameLabel] ?? ""}`,
  ]);
  slices.addIndex(byAddress, ({ endpoints = [] }) => [
    ...new Set(endpoints.flatMap(({ addresses }) => addresses)),
  ]);
  return {
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    slices: (namespace, service) => slices.byIndex(byService, `${namespace}/${service}`),
    hasNamespace: (name) => namespaces.get(name) !== undefined,
    servicesAt: (ip) => services.byIndex(byAddress, ip),
    slicesAt: (ip) => slices.byIndex(byAddress, ip),
  };
}
