/**
 * `crd-conversion-webhook`: converts stable.example.com's resources between v1 (`hostPort`) and v2 (`host`, `port`).
 * Upstream: test/images/agnhost/crd-conversion-webhook/converter/{framework,example_converter}.go.
 * Differs: it takes JSON alone, because the API server sends nothing else.
 */
import type { Answer, Request } from "#kubelet/programs/process.ts";
import type { Subcommand } from "./subcommand.ts";
import { bad, json, jsonOf, tlsFlags, tlsServer } from "./tls-server.ts";

type Json = Readonly<Record<string, unknown>>;
interface Review {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly request?: {
    readonly uid?: string;
    readonly desiredAPIVersion?: string;
    readonly objects?: readonly Json[];
  };
}
const versions = ["apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"];
const [first, second] = ["stable.example.com/v1", "stable.example.com/v2"];

/** A text: why it cannot be. */
function converted(object: Json, to: string): Json | string {
  const from = String(object["apiVersion"] ?? "");
  if (from === to) return `conversion from a version to itself should not call the webhook: ${to}`;
  if (from !== first && from !== second)
    return `unexpected conversion version ${JSON.stringify(from)}`;
  if (to !== (from === first ? second : first))
    return `unexpected conversion version ${JSON.stringify(to)}`;
  if (from === first) {
    const { hostPort, ...rest } = object;
    if (hostPort === undefined) return { ...rest, apiVersion: to };
    const parts = String(hostPort).split(":");
    return parts.length === 2
      ? { ...rest, apiVersion: to, host: parts[0], port: parts[1] }
      : `invalid hostPort value \`${String(hostPort)}\``;
  }
  const { host, port, ...rest } = object;
  const isTold = host !== undefined || port !== undefined;
  return {
    ...rest,
    apiVersion: to,
    ...(isTold ? { hostPort: `${String(host ?? "")}:${String(port ?? "")}` } : {}),
  };
}

function answered(request: Request): Answer | undefined {
  const type = request.headers?.["content-type"] ?? "";
  if (type !== "application/json") return bad(`invalid Content-Type header \`${type}\``);
  const review = jsonOf(request) as Review | undefined;
  const { apiVersion = "", kind = "", request: asked } = review ?? {};
  if (kind !== "ConversionReview" || !versions.includes(apiVersion))
    return bad(`Unsupported group version kind: ${apiVersion}, Kind=${kind}`);
  if (asked === undefined) return undefined;
  const made = (asked.objects ?? []).map((one) => converted(one, asked.desiredAPIVersion ?? ""));
  const problem = made.find((one) => typeof one === "string");
  const result =
    problem === undefined ? { status: "Success" } : { status: "Failure", message: problem };
  return json({
    kind,
    apiVersion,
    request: { uid: "", desiredAPIVersion: "", objects: null },
    response: {
      uid: asked.uid,
      convertedObjects: problem === undefined ? made : null,
      result: { metadata: {}, ...result },
    },
  });
}

export const crdConversionWebhook: Subcommand = {
  name: "crd-conversion-webhook",
  flags: tlsFlags,
  run: (run, flags) =>
    tlsServer(
      run,
      flags,
      { fatal: "config.go:43", request: "framework.go:135" },
      { "/crdconvert": answered },
    ),
};
