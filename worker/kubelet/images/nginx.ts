/** nginx: serves one page on port 80, logs each request, stops on SIGQUIT. */
import { httpServer } from "#kubelet/programs/http-server.ts";
import type { Image } from "./image.ts";
import { nginxCommands } from "./own-commands.ts";

const page = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
</body>
</html>
`;
const root = "/usr/share/nginx/html";
const missing =
  "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n</body>\r\n</html>\r\n";

export const nginx: Image = {
  repository: "docker.io/library/nginx",
  tags: /^(latest|alpine|stable|mainline|stable-alpine|alpine-slim|perl|(1|1\.7|1\.9|1\.1\d|1\.2\d)(\.\d{1,2})?(-alpine|-alpine-slim|-perl)?)$/,
  sizeBytes: 72_280_560,
  entrypoint: ["/docker-entrypoint.sh"],
  cmd: ["nginx", "-g", "daemon off;"],
  ports: [80],
  stopSignal: "SIGQUIT",
  tools: ["curl"],
  root,
  own: nginxCommands,
  files: { [`${root}/index.html`]: page },
  program: httpServer({
    ports: [80],
    root,
    forbidden: {
      status: 403,
      body: "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n",
    },
    headers: { Server: "nginx", "Content-Type": "text/html" },
    answer: (path) =>
      path === "/" || path === "/index.html"
        ? { status: 200, body: page }
        : { status: 404, body: missing },
    boot: [
      [
        5,
        "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
      ],
      [12, "/docker-entrypoint.sh: Configuration complete; ready for start up"],
      [20, '[notice] 1#1: using the "epoll" event method'],
      [22, "[notice] 1#1: start worker processes"],
    ],
    stop: { afterMs: 90, code: 0 },
  }),
};
