/** Apache httpd. */
import { httpServer } from "#kubelet/programs/http-server.ts";
import type { Image } from "./image.ts";
import { httpdCommands } from "./own-commands.ts";

const root = "/usr/local/apache2/htdocs";
const page = "<html><body><h1>It works!</h1></body></html>\n";

export const httpd: Image = {
  repository: "docker.io/library/httpd",
  tags: /^(latest|alpine|2|2\.4(\.\d+)?)(-alpine)?$/,
  sizeBytes: 58_700_000,
  cmd: ["httpd-foreground"],
  ports: [80],
  stopSignal: "SIGWINCH",
  root,
  own: httpdCommands,
  files: { [`${root}/index.html`]: page },
  program: httpServer({
    ports: [80],
    root,
    forbidden: { status: 403, body: "<h1>Forbidden</h1>\n" },
    headers: { Server: "Apache", "Content-Type": "text/html" },
    answer: (path) =>
      path === "/" || path === "/index.html"
        ? { status: 200, body: page }
        : { status: 404, body: "Not Found\n" },
    boot: [
      [
        30,
        "AH00558: httpd: Could not reliably determine the server's fully qualified domain name. Set the 'ServerName' directive globally to suppress this message",
      ],
    ],
    stop: { afterMs: 150, code: 0 },
  }),
};
