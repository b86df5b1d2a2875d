/** URLs as the tools read them. */

export interface WebAddress {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** As it stands in the URL, with its port if it names one. */
  readonly authority: string;
  /** Begins with a slash. */
  readonly path: string;
}

/** Undefined: another scheme, or no host. */
export function webAddress(text: string): WebAddress | undefined {
  const [, scheme = "http", rest = text] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme !== "http" && scheme !== "https") return undefined;
  const end = rest.search(/[/?#]/);
  const authority = (end < 0 ? rest : rest.slice(0, end)).replace(/^[^@]*@/, "");
  const after = (end < 0 ? "" : rest.slice(end)).replace(/#.*$/, "");
  const [host = "", port] = authority.split(":");
  if (host === "" || (port !== undefined && !/^\d{1,5}$/.test(port))) return undefined;
  return {
    scheme,
    host,
    port: port === undefined ? (scheme === "https" ? 443 : 80) : Number(port),
    authority,
    path: after.startsWith("/") ? after : `/${after}`,
  };
}

/** Where a redirect leads from an address. */
export const redirected = (from: WebAddress, location: string): WebAddress | undefined =>
  location.startsWith("/") ? { ...from, path: location } : webAddress(location);

export const lastPart = (path: string): string => path.replace(/\?.*$/, "").split("/").at(-1) ?? "";
