/** echoserver: answers with what it was asked, headers and body among it. Upstream: kubernetes/ingress-nginx images/echo. */
import { httpServer } from "#kubelet/programs/http-server.ts";
import type { Request } from "#kubelet/programs/process.ts";
import type { Image } from "./image.ts";

const port = 8080;

function page(hostname: string, { method, path, fromIp, headers = {}, body }: Request): string {
  const query = path.indexOf("?");
  const host = (headers["host"] ?? "localhost").replace(/:\d+$/, "");
  const sections = [
    `Hostname: ${hostname}`,
    "Pod Information:\n\t-no pod information available-",
    "Server values:\n\tserver_version=nginx: 1.13.3 - lua: 10008",
    [
      "Request Information:",
      `client_address=${fromIp}`,
      `method=${method}`,
      `real path=${path}`,
      `query=${query < 0 ? "" : path.slice(query + 1)}`,
      "request_version=1.1",
      "request_scheme=http",
      `request_uri=http://${host}:${port}${path}`,
    ].join("\n\t"),
    [
      "Request Headers:",
      ...Object.keys(headers)
        .toSorted()
        .map((name) => `${name}=${headers[name]}`),
    ].join("\n\t"),
    `Request Body:\n${body === undefined || body === "" ? "\t-no body in request-" : body}`,
  ];
  return `\n\n${sections.join("\n\n")}\n\n`;
}

export const echoserver: Image = {
  repository: "registry.k8s.io/echoserver",
  sizeBytes: 46_200_000,
  cmd: ["/run.sh"],
  ports: [port],
  program: (run) =>
    httpServer({
      ports: [port],
      headers: { Server: "echoserver", "Content-Type": "text/plain" },
      answer: (_, request) => ({ status: 200, body: page(run.hostname, request) }),
    })(run),
};
