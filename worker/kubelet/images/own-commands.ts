/** What people and probes ask of an image's own programs beside running them: versions, checks, pings. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { fails, ok, type Outcome } from "#kubelet/programs/shell/outcome.ts";

/** Undefined: with these arguments it is the program itself. */
export type OwnCommand = (
  args: readonly string[],
  here: Parameters<Command>[1],
) => Outcome | undefined;
export type OwnCommands = Readonly<Record<string, OwnCommand>>;

/** Like `nginx -v`, whose answer is on standard error. */
const aside = (error: string, code = 0): Outcome => ({ code, out: "", error });

/** The version that an image's tag names: whole where it is, else the newest of that line. */
const versionOf = (
  tag: string,
  newest: Readonly<Record<string, string>>,
  latest: string,
): string => {
  const [named = ""] = /^\d+(\.\d+)*/.exec(tag) ?? [];
  return named === "" ? latest : (newest[named] ?? named);
};

export const nginxCommands = (tag: string): OwnCommands => ({
  nginx(args) {
    const version = versionOf(tag, { "1": "1.29.3", "1.27": "1.27.5", "1.28": "1.28.0" }, "1.29.3");
    if (args.some((arg) => /^-[vV]$/.test(arg))) return aside(`nginx version: nginx/${version}\n`);
    const file = "/etc/nginx/nginx.conf";
    if (args.includes("-t"))
      return aside(
        `nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful\n`,
      );
    const signal = args[args.indexOf("-s") + 1];
    if (!args.includes("-s")) return undefined;
    if (signal === "reload" || signal === "reopen") return aside("");
    return signal === "quit" || signal === "stop"
      ? { ...ok(), signal: signal === "quit" ? "SIGQUIT" : "SIGTERM" }
      : aside(`nginx: invalid option: "-s ${signal}"\n`, 1);
  },
});

export const httpdCommands = (tag: string): OwnCommands => ({
  httpd: (args) =>
    args.some((arg) => /^-[vV]$/.test(arg))
      ? ok(
          `Server version: Apache/${versionOf(tag, { "2": "2.4.65", "2.4": "2.4.65" }, "2.4.65")} (Unix)\n`,
        )
      : args.includes("-t")
        ? aside("Syntax OK\n")
        : undefined,
});

export const redisCommands = (tag: string): OwnCommands => {
  const version = versionOf(tag, { "7": "7.4.5", "8": "8.2.1", "6": "6.2.19" }, "8.2.1");
  return {
    "redis-server": (args) =>
      args.some((arg) => /^(-v|--version)$/.test(arg))
        ? ok(`Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0\n`)
        : undefined,
    "redis-cli"(args) {
      const [command = "", ...rest] = args.filter(
        (arg, i) => !arg.startsWith("-") && !/^-[hpan]$/.test(args[i - 1] ?? ""),
      );
      if (args.some((arg) => /^(-v|--version)$/.test(arg))) return ok(`redis-cli ${version}\n`);
      if (/^ping$/i.test(command)) return ok(`${rest[0] ?? "PONG"}\n`);
      return ok(`ERR unknown command '${command}', with args beginning with: \n`);
    },
  };
};

export const postgresCommands = (tag: string): OwnCommands => {
  const version = versionOf(
    tag,
    { "17": "17.6", "16": "16.10", "15": "15.14", "14": "14.19" },
    "17.6",
  );
  const shown: OwnCommand = (args) =>
    args.some((arg) => /^(-V|--version)$/.test(arg))
      ? ok(`postgres (PostgreSQL) ${version}\n`)
      : undefined;
  return {
    postgres: shown,
    psql: (args) =>
      args.some((arg) => /^(-V|--version)$/.test(arg))
        ? ok(`psql (PostgreSQL) ${version}\n`)
        : fails("psql: error: no database is simulated here\n", 2),
    pg_isready(args) {
      const host = args[args.indexOf("-h") + 1];
      const port = args[args.indexOf("-p") + 1];
      const where = args.includes("-h") ? host : "/var/run/postgresql";
      return args.includes("-q")
        ? ok()
        : ok(`${where}:${args.includes("-p") ? port : 5432} - accepting connections\n`);
    },
  };
};

export const mysqlCommands = (tag: string): OwnCommands => {
  const version = versionOf(
    tag,
    { "8": "8.4.6", "8.0": "8.0.43", "8.4": "8.4.6", "9": "9.4.0", "5.7": "5.7.44" },
    "9.4.0",
  );
  const ping: OwnCommand = (args) =>
    args.includes("ping")
      ? ok("mysqld is alive\n")
      : args.some((arg) => /^(-V|--version)$/.test(arg))
        ? ok(`mysqladmin  Ver ${version} for Linux on x86_64 (MySQL Community Server - GPL)\n`)
        : fails("mysqladmin: no database is simulated here\n");
  return {
    mysqladmin: ping,
    mysql(args) {
      if (args.some((arg) => /^(-V|--version)$/.test(arg)))
        return ok(`mysql  Ver ${version} for Linux on x86_64 (MySQL Community Server - GPL)\n`);
      const at = args.findIndex((arg) => arg === "-e" || arg.startsWith("--execute"));
      const query = (args[at]?.split("=")[1] ?? args[at + 1] ?? "").trim().replace(/;$/, "");
      return at >= 0 && /^select 1$/i.test(query)
        ? ok("1\n1\n")
        : fails("ERROR: no database is simulated here\n");
    },
  };
};
