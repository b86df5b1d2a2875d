/** The API server's own connections into the cluster: from the first control-plane node, over its network. */
import type { Dialer, Heard } from "#apiserver/world.ts";
import type { Opened, Origin } from "#network/connection.ts";
import { headersOf } from "#network/http-text.ts";
import { type Network, plainToTls } from "#network/network.ts";
import { certificateProblem } from "./host/server-certificate.ts";
import { after } from "./wall.ts";

const whyNot: Readonly<Record<Exclude<Opened["state"], "open">, string>> = {
  refused: "connect: connection refused",
  unreachable: "connect: no route to host",
  unanswered: "i/o timeout",
};
const plainServer = "http: server gave HTTP response to HTTPS client";
const userAgent = "kube-apiserver-admission";

export interface DialerWorld {
  /** Cluster time. */
  nowMs(): number;
  wallMs(): number;
}

export const dialer = (
  network: Network,
  origin: Origin,
  { nowMs, wallMs }: DialerWorld,
): Dialer => ({
  exchange({ ip, port, isTls }, request) {
    const opened = network.open(origin, { ip, port }, "tcp", `proxy ${nowMs()}`);
    if (opened.state !== "open")
      return { failure: `dial tcp ${ip}:${port}: ${whyNot[opened.state]}` };
    const { server, fromIp } = opened;
    const speaksTls = server.speaks === "tls";
    if (isTls && !speaksTls) return { failure: plainServer };
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
  async post({ ip, port }, { path, body, timeoutMs, name, trusts }): Promise<Heard> {
    const opened = network.open(origin, { ip, port }, "tcp", `webhook ${nowMs()}`);
    if (opened.state === "unanswered") return waited(timeoutMs, late);
    if (opened.state !== "open")
      return { failure: `dial tcp ${ip}:${port}: ${whyNot[opened.state]}` };
    const { server, fromIp, to } = opened;
    if (server.speaks !== "tls") return { failure: plainServer };
    const times = [nowMs(), wallMs()];
    const problem = await certificateProblem({
      chain: server.certificate ?? "",
      trusts,
      name,
      nowMs: { earliest: Math.min(...times), latest: Math.max(...times) },
    });
    if (problem !== undefined) return { failure: problem };
    const headers = { "content-type": "application/json", accept: "application/json, */*" };
    const answer = server.answer({
      method: "POST",
      path,
      port: to.port,
      fromIp,
      userAgent,
      headers,
      body,
    });
    if (answer === undefined) return { failure: "EOF" };
    const { status, body: text, takesMs = 0 } = answer;
    if (takesMs === null || takesMs >= timeoutMs) return waited(timeoutMs, late);
    return waited(takesMs, { status, text });
  },
});

const late: Heard = { failure: "context deadline exceeded" };

/** An answer that takes its time: wall time, as whoever waits for it does. */
const waited = (ms: number, heard: Heard): Promise<Heard> =>
  ms === 0
    ? Promise.resolve(heard)
    : new Promise((resolve) => {
        after(ms, () => resolve(heard));
      });
