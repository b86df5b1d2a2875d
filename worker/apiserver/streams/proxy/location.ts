/**
 * What stands before `/proxy` in a path: an object, with a scheme before and a port behind its name.
 * Upstream: apimachinery/pkg/util/net/port_split.go SplitSchemeNamePort.
 */
import { badRequest } from "#apimachinery/status.ts";

export interface ProxyName {
  readonly scheme: "http" | "https";
  readonly name: string;
  /** A number or a name; "": the one there is. */
  readonly port: string;
}

/** Where a request is passed on to; `host` as a dialler would name it. */
export interface Location {
  readonly ip: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** `shop`, `shop:80`, `https:shop:web`. Throws 400 with `what` ("pod", "service", "node"). */
export function proxyName(id: string, what: string): ProxyName {
  const parts = id.split(":");
  const [scheme, name, port] =
    parts.length === 3 ? parts : parts.length < 3 ? ["", parts[0], parts[1]] : [undefined, "", ""];
  const isScheme = scheme === "" || scheme === "http" || scheme === "https";
  if (!isScheme || !name) throw badRequest(`invalid ${what} request ${JSON.stringify(id)}`);
  return { scheme: scheme === "https" ? "https" : "http", name, port: port ?? "" };
}
