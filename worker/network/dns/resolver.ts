/**
 * The C library's resolver: /etc/hosts, then the name servers and search domains of /etc/resolv.conf. Pure but
 * for the questions it asks.
 * Upstream: glibc resolv/res_query.c __res_context_search, resolv.conf(5).
 */
import type { DnsReply, RecordType } from "./records.ts";

export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  /** A name with so many dots is first asked for as it is. */
  readonly ndots: number;
}

/** What came back from a name server; `refused`: nobody listens there, `unanswered`: it was waited for in vain. */
export type Asked = DnsReply | "refused" | "unanswered";
export type Ask = (server: string, name: string, type: RecordType) => Asked;

export interface Looked {
  /** Empty: the name has no address. */
  readonly addresses: readonly string[];
  /** `again`: no name server gave a final answer. */
  readonly failure?: "not found" | "again" | undefined;
  readonly tookMs: number;
}

/** Seconds a name server is given, twice. */
const timeoutMs = 5000;
const attempts = 2;
/** Aliases followed. */
const mostAliases = 8;

export function parseResolvConf(text: string): ResolvConf {
  const nameservers: string[] = [];
  let search: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split("\n")) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === "nameserver" && values[0] !== undefined) nameservers.push(values[0]);
    if (key === "search") search = values;
    if (key === "options")
      for (const option of values) ndots = Number(/^ndots:(\d+)$/.exec(option)?.[1] ?? ndots);
  }
  return { nameservers, search, ndots };
}

/** The address of a name in the text of /etc/hosts. */
export function inHosts(text: string, name: string): string | undefined {
  for (const line of text.split("\n")) {
    const [ip = "", ...names] = line.replace(/#.*$/, "").trim().split(/\s+/);
    if (names.includes(name) && !ip.includes(":")) return ip;
  }
  return undefined;
}

/** The full names that are tried for one, in order. */
export function candidates(name: string, { search, ndots }: ResolvConf): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`);
  const dots = name.split(".").length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}

export const isIp = (text: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(text);

/** `getaddrinfo` for IPv4. */
export function lookUp(name: string, hosts: string, conf: ResolvConf, ask: Ask): Looked {
  if (isIp(name)) return { addresses: [name], tookMs: 0 };
  const known = inHosts(hosts, name);
  if (known !== undefined) return { addresses: [known], tookMs: 0 };
  let tookMs = 0;
  let failure: Looked["failure"] = "not found";
  for (const candidate of candidates(name, conf)) {
    const { reply, tookMs: took } = askAll(conf, candidate, ask);
    tookMs += took;
    if (reply === undefined) return { addresses: [], failure: "again", tookMs };
    const addresses = addressesOf(reply, candidate, conf, ask);
    if (addresses.length > 0) return { addresses, tookMs };
    if (reply.code === "SERVFAIL") failure = "again";
  }
  return { addresses: [], failure, tookMs };
}

/** One question to the name servers in turn; undefined: none answered. */
function askAll(
  { nameservers }: ResolvConf,
  name: string,
  ask: Ask,
): { readonly reply: DnsReply | undefined; readonly tookMs: number } {
  let tookMs = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    for (const server of nameservers) {
      const asked = ask(server, name, "A");
      if (asked === "unanswered") tookMs += timeoutMs;
      else if (asked !== "refused") return { reply: asked, tookMs };
    }
  }
  return { reply: undefined, tookMs };
}

/** Addresses of a reply; an alias is followed as the name server would. */
function addressesOf(reply: DnsReply, name: string, conf: ResolvConf, ask: Ask): readonly string[] {
  let { records } = reply;
  let wanted = name.toLowerCase();
  for (let followed = 0; followed < mostAliases; followed += 1) {
    const direct = records.filter((one) => one.type === "A" && one.name === wanted);
    if (direct.length > 0) return direct.map(({ value }) => value);
    const alias = records.find((one) => one.type === "CNAME" && one.name === wanted);
    if (alias === undefined) return [];
    wanted = alias.value.toLowerCase();
    records = askAll(conf, wanted, ask).reply?.records ?? [];
  }
  return [];
}
