/**
 * The cluster's network as its programs use it: names by CoreDNS, connections by the data plane. A question of
 * a name is a packet too: it takes CoreDNS behind the kube-dns Service to be running and ready.
 */
import type { Errand } from "#apimachinery/errand.ts";
import type { Fact } from "#apimachinery/trace.ts";
import { type ApiServerFace, untrustedFor } from "./api-server.ts";
import type { Answers, Call, CallKind, Heard } from "./calls.ts";
import type { Address, EchoReply, HttpAnswer, Opened, Origin, Protocol } from "./connection.ts";
import type { DataPlane } from "./data-plane.ts";
import type { CoreDns } from "./dns/core-dns.ts";
import type { RecordType } from "./dns/records.ts";
import { type Asked, lookUp } from "./dns/resolver.ts";

const dnsPort = 53;

export interface Exchange {
  readonly heard: Heard;
  /** How a connection went; questions of names are not told. */
  readonly fact?: Fact | undefined;
}

export class Network {
  readonly #plane: DataPlane;
  readonly #dns: CoreDns;
  /** Undefined: behind its port nobody answers but for health. */
  readonly apiServer: ApiServerFace | undefined;

  constructor(plane: DataPlane, dns: CoreDns, apiServer?: ApiServerFace) {
    this.#plane = plane;
    this.#dns = dns;
    this.apiServer = apiServer;
  }

  /** A connection: who answers, if anybody does. `attempt` names it for the dice. */
  open(origin: Origin, to: Address, protocol: Protocol, attempt: string): Opened {
    return this.#plane.open(origin, { to, protocol, attempt });
  }

  /** An ICMP echo request; undefined: no answer. */
  echo(origin: Origin, ip: string, attempt: string): EchoReply | undefined {
    return this.#plane.echo(origin, ip, attempt);
  }

  /** What a program hears on one call; an errand when it takes time. */
  call(origin: Origin, call: Call, attempt: string): Exchange | Errand<Exchange> {
    return answering[call.kind](this, { origin, attempt }, call as never);
  }

  /** One question to a name server. */
  ask(origin: Origin, server: string, question: Question, attempt: string): Asked {
    const { name, type } = question;
    const opened = this.open(origin, { ip: server, port: dnsPort }, "udp", `${attempt} ${name}`);
    if (opened.state === "refused") return "refused";
    if (opened.state !== "open" || opened.server.speaks !== "dns") return "unanswered";
    return this.#dns.reply(name, type);
  }
}
interface Question {
  readonly name: string;
  readonly type: RecordType;
}

interface Caller {
  readonly origin: Origin;
  readonly attempt: string;
}
type Answering = {
  [K in CallKind]: (
    network: Network,
    caller: Caller,
    call: Extract<Call, { kind: K }>,
  ) => Told<K> | Errand<Told<K>>;
};
interface Told<K extends CallKind> {
  readonly heard: Answers[K];
  readonly fact?: Fact | undefined;
}

const answering: Answering = {
  lookup: (network, { origin, attempt }, { name, hosts, conf }) => ({
    heard: lookUp(name, hosts, conf, (server, full, type) =>
      network.ask(origin, server, { name: full, type }, attempt),
    ),
  }),
  questions: (network, { origin, attempt }, { server, asked }) => ({
    heard: { replies: asked.map((one) => network.ask(origin, server, one, attempt)) },
  }),
  connect: (network, { origin, attempt }, { to, protocol }) => {
    const opened = network.open(origin, to, protocol, attempt);
    return { heard: { state: opened.state }, fact: packetFact(origin, to, protocol, opened, 0) };
  },
  echo: (network, { origin, attempt }, { to }) => {
    const reply = network.echo(origin, to, attempt);
    return { heard: reply === undefined ? {} : { reply } };
  },
  http: (network, { origin, attempt }, { to, tls, request }) => {
    const opened = network.open(origin, to, "tcp", attempt);
    if (opened.state !== "open")
      return { heard: { state: opened.state }, fact: packetFact(origin, to, "tcp", opened, 0) };
    const { server, fromIp } = opened;
    const { state } = opened;
    const told = (answer: HttpAnswer | undefined): Told<"http"> => ({
      heard: { state, ...(answer === undefined ? {} : { answer }) },
      fact: packetFact(origin, to, "tcp", opened, answer?.status ?? 0),
    });
    const isTls = tls !== undefined;
    if (isTls !== (server.speaks === "tls"))
      return told(isTls ? undefined : { status: 400, body: plainToTls });
    const api = server.isApiServer === true ? network.apiServer : undefined;
    const untrusted = tls === undefined ? undefined : untrustedFor(tls, api?.certificate);
    if (untrusted !== undefined)
      return { heard: { state, untrusted }, fact: packetFact(origin, to, "tcp", opened, 0) };
    const sent = { ...request, fromIp, port: opened.to.port };
    if (api === undefined) return told(server.answer(sent));
    return {
      id: `api ${attempt}`,
      run: () => api.exchange(sent).then(told),
    };
  },
};

/** Upstream: Go's net/http/server.go. */
export const plainToTls = "Client sent an HTTP request to an HTTPS server.\n";

/** `service`: what was called; `via`: the first rule that matched. */
function packetFact(
  { node }: Origin,
  { ip, port }: Address,
  proto: Protocol,
  opened: Opened,
  code: number,
): Fact {
  return {
    type: "packet",
    data: {
      fromNode: node,
      entryNode: node,
      toNode: opened.state === "open" ? opened.toNode : opened.state,
      service: `${ip}:${port}`,
      via: opened.rules[0] ?? "",
      proto,
      code,
    },
  };
}
