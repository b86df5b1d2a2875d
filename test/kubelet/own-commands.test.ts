/** What an image's own programs answer to people and probes. */
import { expect, test } from "vitest";
import { lookUp } from "#kubelet/images/catalogue.ts";
import type { Image } from "#kubelet/images/image.ts";
import { parseReference, type Reference } from "#kubelet/images/reference.ts";
import { processOf } from "#kubelet/programs/start.ts";

test.each<[string, readonly string[], string, number?]>([
  ["nginx:1.27", ["nginx", "-v"], "nginx version: nginx/1.27.5\n"],
  ["nginx:1.25.3-alpine", ["nginx", "-v"], "nginx version: nginx/1.25.3\n"],
  [
    "nginx",
    ["nginx", "-t"],
    "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n",
  ],
  ["nginx", ["nginx", "-s", "reload"], ""],
  ["nginx", ["sh", "-c", "nginx -t 2>&1 | grep -c ok; which nginx"], "1\n/bin/nginx\n"],
  ["httpd:2.4", ["httpd", "-v"], "Server version: Apache/2.4.65 (Unix)\n"],
  ["redis:7", ["redis-cli", "ping"], "PONG\n"],
  ["redis:7", ["sh", "-c", "[ $(redis-cli -h 127.0.0.1 ping) = PONG ]"], ""],
  ["redis:7.2.4", ["redis-cli", "--version"], "redis-cli 7.2.4\n"],
  [
    "postgres:16",
    ["pg_isready", "-U", "postgres"],
    "/var/run/postgresql:5432 - accepting connections\n",
  ],
  ["postgres:16", ["psql", "--version"], "psql (PostgreSQL) 16.10\n"],
  ["mysql:8.0", ["mysqladmin", "ping", "-h", "localhost"], "mysqld is alive\n"],
  ["mysql:8.0", ["mysql", "-h", "127.0.0.1", "-e", "SELECT 1"], "1\n1\n"],
])("%s: %j", (name, argv, output, code = 0) => {
  const image = lookUp(parseReference(name) as Reference) as Image;
  const { tag } = parseReference(name) as Reference;
  const process = processOf(image, {
    argv: image.entrypoint ?? image.cmd ?? [],
    env: { POSTGRES_PASSWORD: "x", MYSQL_ROOT_PASSWORD: "x" },
    hostname: "box",
    ports: [],
    startedMs: 0,
    tools: image.tools ?? [],
    own: image.own?.(tag),
  });
  expect(process.hasExecutable(argv[0] ?? "")).toBe(true);
  expect(process.exec(argv, 1000)).toEqual({ code, output });
});
