/**
 * What a program asks of the network, and what it hears: plain data, so that both may lie on a disk. A program
 * that is started again from its record hears the same once more.
 */
import type {
  Address,
  EchoReply,
  HttpAnswer,
  HttpRequest,
  Opened,
  Protocol,
} from "./connection.ts";
import type { RecordType } from "./dns/records.ts";
import type { Asked, Looked, ResolvConf } from "./dns/resolver.ts";

export interface Calls {
  /** `getaddrinfo`. `hosts`: the text of /etc/hosts. */
  lookup: { readonly name: string; readonly hosts: string; readonly conf: ResolvConf };
  /** Questions to one name server, side by side. */
  questions: {
    readonly server: string;
    readonly asked: readonly { readonly name: string; readonly type: RecordType }[];
  };
  connect: { readonly to: Address; readonly protocol: Protocol };
  /** One ICMP echo request. */
  echo: { readonly to: string };
  http: {
    readonly to: Address;
    readonly tls?: Tls | undefined;
    readonly request: Omit<HttpRequest, "port" | "fromIp">;
  };
}
export interface Answers {
  lookup: Looked;
  questions: { readonly replies: readonly Asked[] };
  connect: Connected;
  /** Missing: nobody has this address. */
  echo: { readonly reply?: EchoReply | undefined };
  /**
   * `answer` is missing when somebody listens who does not speak HTTP, or not with TLS. `untrusted`: what is
   * wrong with the server's certificate; nothing was asked of it.
   */
  http: Connected & {
    readonly answer?: HttpAnswer | undefined;
    readonly untrusted?: "issuer" | "name" | undefined;
  };
}
export interface Tls {
  /** The host as the client calls it. */
  readonly name: string;
  /** Certificates of the authorities that the client believes; undefined: it believes anybody. */
  readonly trusts: string | undefined;
}
export interface Connected {
  readonly state: Opened["state"];
}
export type CallKind = keyof Calls;
export type Call = { [K in CallKind]: { readonly kind: K } & Calls[K] }[CallKind];
export type Heard = Answers[CallKind];
