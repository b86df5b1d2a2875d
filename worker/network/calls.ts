/**
 * What a program asks of the network, and what it hears: plain data, so that both may lie on a disk. A program
 * that is started again from its record hears the same once more.
 */
import type { Address, HttpAnswer, HttpRequest, Opened, Protocol } from "./connection.ts";
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
  http: {
    readonly to: Address;
    readonly isTls: boolean;
    readonly request: Omit<HttpRequest, "port" | "fromIp">;
  };
}
export interface Answers {
  lookup: Looked;
  questions: { readonly replies: readonly Asked[] };
  connect: Connected;
  /** `answer` is missing when somebody listens who does not speak HTTP, or not with TLS. */
  http: Connected & { readonly answer?: HttpAnswer | undefined };
}
export interface Connected {
  readonly state: Opened["state"];
}
export type CallKind = keyof Calls;
export type Call = { [K in CallKind]: { readonly kind: K } & Calls[K] }[CallKind];
export type Heard = Answers[CallKind];
