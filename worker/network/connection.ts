/**
 * What two ends of a connection need to know of each other: addresses, who answers, what became of a
 * first packet. The words of this room that programs, the kubelet's server and the API server's proxy use.
 */

export type Protocol = "tcp" | "udp";
export interface Address {
  readonly ip: string;
  readonly port: number;
}

/** Who sends: a Pod's network namespace, or a node's own. */
export interface Origin {
  readonly node: string;
  /** The Pod's address; the node's for what runs on the host's network. */
  readonly ip: string;
  readonly hostNetwork: boolean;
}

export interface HttpRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly port: number;
  readonly userAgent: string;
  /** As the server sees it: after masquerading. */
  readonly fromIp: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Bytes, as byte-text.ts tells them. */
  readonly body?: string | undefined;
}
export interface HttpAnswer {
  readonly status: number;
  /** Bytes, as byte-text.ts tells them. */
  readonly body: string;
  /** Set on redirects. */
  readonly location?: string | undefined;
  /** What it sends beside length and date, as it spells them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * How long the server thinks before it answers; null for ever.
   * Differs: the API server alone waits for it, programs in Pods hear at once, because theirs is the time of their scripts.
   */
  readonly takesMs?: number | null | undefined;
  /** The connection stands on after the body, with nothing more told: for so long, null for ever. */
  readonly staysOpenMs?: number | null | undefined;
}

/** A process that listens where a connection ended. */
export interface Server {
  /** `dns`: it answers questions of names. */
  readonly speaks?: "dns" | "tls" | undefined;
  /** What it shows of itself over TLS, as PEM: its own certificate and those up to an authority. */
  readonly certificate?: string | undefined;
  /** Whoever connects talks to the cluster's API, which answers in its own time; `answer` knows its health alone. */
  readonly isApiServer?: boolean | undefined;
  /** One exchange over HTTP, with its line in the server's log; undefined: it does not speak HTTP. */
  answer(request: HttpRequest): HttpAnswer | undefined;
}

/** What runs on the machines, as a packet that arrives finds it. */
export interface Machines {
  /**
   * The process that listens on a node: `"closed"`: nobody does on that port; `"nobody"`: the node has no
   * network namespace with this address.
   */
  listener(
    node: string,
    to: Address & { readonly protocol: Protocol },
  ): Server | "closed" | "nobody";
}

/** What became of a connection's first packet. */
export type Opened =
  | {
      readonly state: "open";
      /** Where it ended: after the rules had rewritten the destination. */
      readonly to: Address;
      readonly toNode: string;
      /** The address that the server sees. */
      readonly fromIp: string;
      readonly rules: readonly string[];
      readonly server: Server;
    }
  /** A reset, or an ICMP port unreachable: `connection refused`. */
  | { readonly state: "refused"; readonly rules: readonly string[] }
  /** ICMP host unreachable, after the neighbour was asked for in vain: `no route to host`. */
  | { readonly state: "unreachable"; readonly rules: readonly string[] }
  /** No answer at all: whoever asked waits as long as it likes. */
  | { readonly state: "unanswered"; readonly rules: readonly string[] };

/** What comes back of an ICMP echo request. */
export interface EchoReply {
  /** Routers that it passed, one way. */
  readonly hops: number;
  readonly tookMicros: number;
}

/** Uniform in [0, 1), a pure function of the key: the kernel's dice. */
export type Chance = (key: string) => number;
