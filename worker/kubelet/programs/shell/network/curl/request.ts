/** What curl sends: its body, method and headers. */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import { isSet, type Options, valueOf, valuesOf } from "#kubelet/programs/shell/network/tool.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";
import { Failure } from "./failure.ts";

/** Options whose values together are the body, in order. */
const dataNames: ReadonlySet<string> = new Set([
  "d",
  "data-raw",
  "data-binary",
  "data-urlencode",
  "json",
  "T",
]);

/** Upstream: curl src/tool_getparam.c set_data. */
export function bodyOf(
  { set }: Options,
  here: Surroundings,
  input: string,
): string | Failure | undefined {
  const pieces: string[] = [];
  for (const [name, value] of set) {
    if (!dataNames.has(name)) continue;
    const isFile = name === "T" || (value.startsWith("@") && name !== "data-raw");
    if (!isFile) {
      pieces.push(name === "data-urlencode" ? urlEncoded(value) : value);
      continue;
    }
    const path = name === "T" ? value : value.slice(1);
    const text = path === "-" ? input : here.files.get(absolute(path, here.variables));
    if (text === undefined)
      return new Failure(
        26,
        `-${name.length > 1 ? `-${name}` : name}: error encountered when reading a file`,
      );
    // What --data reads loses its line ends.
    pieces.push(name === "d" ? text.replaceAll(/[\r\n]/g, "") : text);
  }
  return pieces.length === 0
    ? undefined
    : pieces.join(set.some(([name]) => name === "json") ? "" : "&");
}

function urlEncoded(value: string): string {
  const equals = value.indexOf("=");
  const encodedValue = encodeURIComponent(value.slice(equals + 1));
  return equals <= 0 ? encodedValue : `${value.slice(0, equals)}=${encodedValue}`;
}

export const methodOf = (options: Options, body: string | undefined): string =>
  isSet(options, "I") ? "HEAD" : isSet(options, "T") ? "PUT" : body === undefined ? "GET" : "POST";

/** Those that were asked for, and what a body and a user bring along. */
export function headersFor(options: Options, body: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  const isJson = isSet(options, "json");
  if (isJson) headers["accept"] = "application/json";
  if (body !== undefined && !isSet(options, "T"))
    headers["content-type"] = isJson ? "application/json" : "application/x-www-form-urlencoded";
  const [user, bearer] = [valueOf(options, "u"), valueOf(options, "oauth2-bearer")];
  if (user !== undefined) headers["authorization"] = `Basic ${btoa(user)}`;
  if (bearer !== undefined) headers["authorization"] = `Bearer ${bearer}`;
  for (const line of valuesOf(options, "H")) {
    const [name = "", ...value] = line.split(":");
    const text = value.join(":").trim();
    // `-H name:` takes a header away.
    if (text === "") delete headers[name.trim().toLowerCase()];
    else headers[name.trim().toLowerCase()] = text;
  }
  return headers;
}
