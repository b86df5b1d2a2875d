/** Small servers that examples use. */
import { httpServer } from "#kubelet/programs/http-server.ts";
import type { Program } from "#kubelet/programs/process.ts";
import { quiet } from "#kubelet/programs/process.ts";
import type { Image } from "./image.ts";
import { mysqlCommands, postgresCommands, redisCommands } from "./own-commands.ts";

/** Listens on TCP without speaking HTTP. */
const tcpServer =
  (port: number, boot: string): Program =>
  () => ({
    ...quiet,
    listens: (asked) => asked === port,
    signal: () => ({ afterMs: 200, code: 0 }),
    lines: (fromMs, toMs) =>
      fromMs <= 20 && toMs > 20 ? [{ atMs: 20, text: boot, stream: "stdout" as const }] : [],
  });

export const redis: Image = {
  repository: "docker.io/library/redis",
  tags: /^(latest|alpine|[5-9](\.\d+){0,2}(-alpine|-bookworm)?)$/,
  sizeBytes: 44_900_000,
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["redis-server"],
  own: redisCommands,
  ports: [6379],
  program: tcpServer(6379, "1:M * Ready to accept connections tcp"),
};
export const postgres: Image = {
  repository: "docker.io/library/postgres",
  tags: /^(latest|alpine|1\d(\.\d+)?(-alpine|-bookworm)?)$/,
  sizeBytes: 151_000_000,
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["postgres"],
  own: postgresCommands,
  ports: [5432],
  stopSignal: "SIGINT",
  program: (run) =>
    run.env.POSTGRES_PASSWORD === undefined && run.env.POSTGRES_HOST_AUTH_METHOD === undefined
      ? {
          ...quiet,
          ends: { afterMs: 60, code: 1, delay: "work" },
          lines: (fromMs, toMs) =>
            fromMs <= 50 && toMs > 50
              ? [
                  {
                    atMs: 50,
                    text: "Error: Database is uninitialized and superuser password is not specified.",
                    stream: "stderr" as const,
                  },
                ]
              : [],
        }
      : tcpServer(5432, "LOG:  database system is ready to accept connections")(run),
};
export const mysql: Image = {
  repository: "docker.io/library/mysql",
  tags: /^(latest|lts|[589](\.\d+){0,2})$/,
  sizeBytes: 233_000_000,
  entrypoint: ["docker-entrypoint.sh"],
  cmd: ["mysqld"],
  own: mysqlCommands,
  ports: [3306],
  program: tcpServer(
    3306,
    "[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections.",
  ),
};

/** Says one text, given by `-text`, on the port given by `-listen`. */
const echo: Program = (run) => {
  const flag = (name: string): string | undefined => {
    const at = run.argv.findIndex((arg) => new RegExp(`^--?${name}(=|$)`).test(arg));
    const arg = run.argv[at];
    return arg === undefined
      ? undefined
      : arg.includes("=")
        ? arg.slice(arg.indexOf("=") + 1)
        : run.argv[at + 1];
  };
  const port = Number(flag("listen")?.split(":").at(-1)) || 5678;
  const text = flag("text") ?? run.env.ECHO_TEXT;
  if (text === undefined) {
    return {
      ...quiet,
      ends: { afterMs: 20, code: 127, delay: "work" },
      lines: (fromMs, toMs) =>
        fromMs <= 10 && toMs > 10
          ? [{ atMs: 10, text: "Missing -text option!", stream: "stderr" as const }]
          : [],
    };
  }
  return httpServer({
    ports: [port],
    answer: () => ({ status: 200, body: `${text}\n` }),
    boot: [[10, `[INFO] server is listening on :${port}`]],
    stop: { afterMs: 100, code: 0 },
  })(run);
};
export const httpEcho: Image = {
  repository: "docker.io/hashicorp/http-echo",
  tags: /^(latest|alpine|\d+\.\d+(\.\d+)?)$/,
  sizeBytes: 3_300_000,
  entrypoint: ["/http-echo"],
  ports: [5678],
  distroless: true,
  program: echo,
};

export const whoami: Image = {
  repository: "docker.io/traefik/whoami",
  sizeBytes: 2_800_000,
  entrypoint: ["/whoami"],
  ports: [80],
  distroless: true,
  program: (run) =>
    httpServer({
      ports: [80],
      answer: () => ({ status: 200, body: `Hostname: ${run.hostname}\n` }),
      stop: { afterMs: 50, code: 2 },
    })(run),
};
export const helloApp: Image = {
  repository: "gcr.io/google-samples/hello-app",
  tags: /^(1\.0|2\.0|latest)$/,
  sizeBytes: 12_400_000,
  entrypoint: ["/hello-app"],
  ports: [8080],
  distroless: true,
  program: (run) =>
    httpServer({
      ports: [8080],
      answer: () => ({ status: 200, body: `Hello, world!\nHostname: ${run.hostname}\n` }),
      stop: { afterMs: 50, code: 2 },
    })(run),
};
