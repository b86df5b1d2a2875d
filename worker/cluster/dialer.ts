/** The API server's own connections into the cluster: from the first control-plane node, over its network. */
import type { Dialer } from "#apiserver/world.ts";
import type { Opened, Origin } from "#network/connection.ts";
import { headersOf } from "#network/http-text.ts";
import { type Network, plainToTls } from "#network/network.ts";

const whyNot: Readonly<Record<Exclude<Opened["state"], "open">, string>> = {
  refused: "connect: connection refused",
  unreachable: "connect: no route to host",
  unanswered: "i/o timeout",
};

export const dialer = (network: Network, origin: Origin, nowMs: () => number): Dialer => ({
  exchange({ ip, port, isTls }, request) {
    const opened = network.open(origin, { ip, port }, "tcp", `proxy ${nowMs()}`);
    if (opened.state !== "open")
      return { failure: `dial tcp ${ip}:${port}: ${whyNot[opened.state]}` };
    const { server, fromIp } = opened;
    const speaksTls = server.speaks === "tls";
    if (isTls && !speaksTls) return { failure: "http: server gave HTTP response to HTTPS client" };
    if (!isTls && speaksTls)
      return {
        status: 400,
        headers: [],
        body: plainToTls,
      };
    const answer = server.answer({ ...request, fromIp, port: opened.to.port });
    if (answer === undefined) return { failure: "EOF" };
    return { status: answer.status, headers: headersOf(answer, nowMs()), body: answer.body };
  },
});
