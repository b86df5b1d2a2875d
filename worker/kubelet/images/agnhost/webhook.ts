/**
 * `webhook`: admission webhooks to try things with, over TLS.
 * Upstream: test/images/agnhost/webhook/main.go serve.
 */
import type { Answer, Request } from "#kubelet/programs/process.ts";
import { valueOf } from "#kubelet/programs/shell/network/tool.ts";
import type { Subcommand } from "./subcommand.ts";
import { bad, json, jsonOf, type Paths, tlsFlags, tlsServer } from "./tls-server.ts";
import {
  type AdmissionRequest,
  handlers,
  sidecarHandler,
  type Verdict,
} from "./webhook-handlers.ts";

const versions = ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"];

interface Review {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly request?: AdmissionRequest;
}

function reviewed(
  request: Request,
  admit: (asked: AdmissionRequest) => Verdict,
): Answer | undefined {
  if (request.headers?.["content-type"] !== "application/json") return { status: 200, body: "" };
  const review = jsonOf(request) as Review | undefined;
  if (review === undefined || !review.apiVersion || !review.kind)
    return bad("Request could not be decoded: couldn't get version/kind; json parse error");
  const { apiVersion, kind, request: asked } = review;
  if (kind !== "AdmissionReview" || !versions.includes(apiVersion))
    return bad(`Unsupported group version kind: ${apiVersion}, Kind=${kind}`);
  const verdict = asked === undefined ? undefined : admit(asked);
  if (verdict === undefined) return undefined;
  const { allowed, status, patch, takesMs } = verdict;
  const answer = json({
    kind,
    apiVersion,
    response: {
      uid: asked?.uid,
      allowed,
      ...(status === undefined ? {} : { status: { metadata: {}, ...status } }),
      ...(patch === undefined
        ? {}
        : { patch: btoa(JSON.stringify(patch)), patchType: "JSONPatch" }),
    },
  });
  return takesMs === undefined ? answer : { ...answer, takesMs };
}

export const webhook: Subcommand = {
  name: "webhook",
  flags: [...tlsFlags, "sidecar-image"],
  run(run, flags) {
    const sidecar = sidecarHandler(valueOf(flags, "sidecar-image") ?? "");
    const paths: Paths = Object.fromEntries(
      Object.entries({ ...handlers, "/mutating-pods-sidecar": sidecar }).map(([path, admit]) => [
        path,
        (request: Request) => reviewed(request, admit),
      ]),
    );
    return tlsServer(run, flags, { fatal: "config.go:34", request: "main.go:108" }, paths);
  },
};
