/**
 * The API server as programs meet it on its port: who it says it is, and that it answers in its own time. The
 * wiring gives it; to reach it takes the same packets as to reach anybody.
 */
import type { Tls } from "./calls.ts";
import type { HttpAnswer, HttpRequest } from "./connection.ts";

export interface Certificate {
  /** The certificate of the authority that signed it, as PEM. */
  readonly issuer: string;
  /** Names of hosts and addresses. */
  readonly names: readonly string[];
}

export interface ApiServerFace {
  readonly certificate: Certificate;
  /** Never rejects. */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
}

/** What a client holds against a server's certificate; undefined: nothing. A server without one is signed by itself. */
export function untrustedFor(
  { name, trusts }: Tls,
  certificate: Certificate | undefined,
): "issuer" | "name" | undefined {
  if (trusts === undefined) return undefined;
  if (certificate === undefined || !squeezed(trusts).includes(squeezed(certificate.issuer)))
    return "issuer";
  return certificate.names.includes(name) ? undefined : "name";
}

/** However its lines are broken. */
const squeezed = (pem: string): string => pem.replaceAll(/\s/g, "");
