/**
 * `netexec` and `serve-hostname`: both tell who answers.
 * Upstream: test/images/agnhost/netexec/netexec.go, serve-hostname/serve_hostname.go.
 * Differs: each of netexec's paths answers with the host's name, because its shell and its dialler are not simulated.
 */
import { httpServer } from "#kubelet/programs/http-server.ts";
import { valueOf } from "#kubelet/programs/shell/network/tool.ts";
import type { Subcommand } from "./subcommand.ts";

const namesItself = (name: string, flag: string, port: number): Subcommand => ({
  name,
  flags: [
    flag,
    "udp-port",
    "sctp-port",
    "tls-cert-file",
    "tls-private-key-file",
    "delay-shutdown",
    "http-override",
  ],
  run: (run, flags) =>
    httpServer({
      ports: [Number(valueOf(flags, flag)) || port],
      answer: () => ({ status: 200, body: run.hostname }),
      stop: { afterMs: 100, code: 2 },
    })(run),
});

export const netexec: Subcommand = namesItself("netexec", "http-port", 8080);
export const serveHostname: Subcommand = namesItself("serve-hostname", "port", 9376);
