/** busybox's nslookup. Upstream: busybox networking/nslookup.c (FEATURE_NSLOOKUP_BIG). */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import type { DnsReply, RecordType } from "#network/dns/records.ts";
import { isIp, parseResolvConf } from "#network/dns/resolver.ts";
import { addressOf, ask, complain, type Running, say } from "./tool.ts";

const types: readonly string[] = ["A", "AAAA", "CNAME", "TXT", "SRV", "PTR"];
const timeoutMs = 5000;
const usage = `BusyBox v1.37.0 multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]
`;

interface Question {
  readonly name: string;
  readonly type: RecordType;
}

export function* nslookup(args: readonly string[], here: Surroundings): Running {
  const asked = args.filter((arg) => arg.startsWith("-"));
  const [host, given] = args.filter((arg) => !arg.startsWith("-"));
  if (host === undefined) {
    yield complain(usage);
    return 1;
  }
  const wanted: RecordType[] = [];
  for (const option of asked) {
    const [, name] = /^-(?:q|query|query-?type|type)=(\w+)$/i.exec(option) ?? [];
    if (name === undefined) continue;
    if (!types.includes(name.toUpperCase())) {
      yield complain(`nslookup: invalid query type "${name}"\n`);
      return 1;
    }
    wanted.push(name.toUpperCase() as RecordType);
  }
  const { nameservers, search } = parseResolvConf(here.files.get("/etc/resolv.conf") ?? "");
  const questions = questionsOf(host, wanted, search);
  const servers =
    given === undefined ? (nameservers.length > 0 ? nameservers : ["127.0.0.1"]) : [given];
  for (const server of servers) {
    const ip = yield* addressOf(server, here);
    if (ip === undefined) {
      yield complain(`nslookup: bad address '${server}'\n`);
      return 1;
    }
    const { replies } = yield* ask("questions", { server: ip, asked: questions });
    const answered = replies.filter((reply): reply is DnsReply => typeof reply !== "string");
    if (answered.length > 0) {
      yield say(`Server:\t\t${server}\nAddress:\t${ip}:53\n\n`);
      return yield* told(questions, replies);
    }
    yield { waitMs: timeoutMs };
    if (replies.includes("refused")) yield complain("nslookup: read: Connection refused\n");
  }
  yield say(";; connection timed out; no servers could be reached\n\n");
  return 1;
}

/** A name without a dot is asked for in every search domain at once; one with a dot as it is. */
function questionsOf(
  host: string,
  wanted: readonly RecordType[],
  search: readonly string[],
): readonly Question[] {
  if (wanted.length === 0 && isIp(host))
    return [{ name: `${host.split(".").toReversed().join(".")}.in-addr.arpa`, type: "PTR" }];
  const names =
    host.includes(".") || search.length === 0
      ? [host]
      : search.map((domain) => `${host}.${domain}`);
  const asked: readonly RecordType[] = wanted.length === 0 ? ["A", "AAAA"] : wanted;
  return asked.flatMap((type) => names.map((name) => ({ name, type })));
}

function* told(questions: readonly Question[], replies: readonly (DnsReply | string)[]): Running {
  let code = 0;
  for (const [at, { name }] of questions.entries()) {
    const reply = replies[at];
    if (reply === undefined || typeof reply === "string") {
      yield say(`*** Can't find ${name}: No answer\n`);
      code = 1;
    } else if (reply.code === "NOERROR") yield say(`${reply.records.map(lineOf).join("")}\n`);
    else {
      yield say(`** server can't find ${name}: ${reply.code}\n\n`);
      code = 1;
    }
  }
  return code;
}

function lineOf({ name, type, value }: DnsReply["records"][number]): string {
  switch (type) {
    case "CNAME":
      return `${name}\tcanonical name = ${value}\n`;
    case "PTR":
      return `${name}\tname = ${value}\n`;
    case "SRV":
      return `${name}\tservice = ${value}\n`;
    case "TXT":
      return `${name}\ttext = "${value}"\n`;
    default:
      return `Name:\t${name}\nAddress: ${value}\n`;
  }
}
