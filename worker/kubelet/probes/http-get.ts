/** httpGet: 200 to 399 is well; whoever signed a certificate is believed. Upstream: pkg/probe/http/http.go. */
import { plainToTls } from "#network/network.ts";
import { listener, type Prober, portOf } from "./probe.ts";

export const httpGet: Prober = {
  field: "httpGet",
  ask({ probe, container, ip, nodeIp, all }) {
    const { httpGet: get } = probe;
    if (get === undefined) return { ok: true, output: "" };
    const port = portOf(get.port, container);
    const host = get.host || ip;
    const path = (get.path ?? "/").startsWith("/") ? (get.path ?? "/") : `/${get.path}`;
    const url = `${(get.scheme ?? "HTTP").toLowerCase()}://${host}:${port}${path}`;
    const found = listener(all, port);
    const isTls = get.scheme === "HTTPS";
    const speaksTls = found?.process.speaks === "tls";
    if (found !== undefined && isTls && !speaksTls)
      return {
        ok: false,
        output: `Get "${url}": http: server gave HTTP response to HTTPS client`,
      };
    const answer =
      !isTls && speaksTls
        ? { status: 400, body: plainToTls }
        : found?.process.answer(
            { method: "GET", port, path, userAgent: "kube-probe/1.36", fromIp: nodeIp },
            found.atMs,
          );
    if (found === undefined)
      return {
        ok: false,
        output: `Get "${url}": dial tcp ${host}:${port}: connect: connection refused`,
      };
    if (answer === undefined)
      return {
        ok: false,
        output: `Get "${url}": net/http: HTTP/1.x transport connection broken: malformed HTTP response`,
      };
    return answer.status >= 200 && answer.status < 400
      ? { ok: true, output: answer.body }
      : { ok: false, output: `HTTP probe failed with statuscode: ${answer.status}` };
  },
};
