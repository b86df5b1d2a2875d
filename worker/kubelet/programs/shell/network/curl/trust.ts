/** Which certificates curl believes, and what it says of others. Upstream: curl 8 lib/strerror.c. */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import { isSet, type Options, valueOf } from "#kubelet/programs/shell/network/tool.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";
import { Failure } from "./failure.ts";

/** The authorities it believes; undefined: it asks for none. */
export function trustedBy(
  options: Options,
  { files, variables }: Surroundings,
): string | Failure | undefined {
  if (isSet(options, "k")) return undefined;
  const path =
    valueOf(options, "cacert") ?? variables.get("CURL_CA_BUNDLE") ?? variables.get("SSL_CERT_FILE");
  if (path === undefined) return "";
  return (
    files.get(absolute(path, variables)) ??
    new Failure(77, `error setting certificate file: ${path}`)
  );
}

const untrustedText = {
  issuer: () => "SSL certificate problem: unable to get local issuer certificate",
  name: (host: string) =>
    `SSL: no alternative certificate subject name matches target host name '${host}'`,
} as const;
const untrustedHelp =
  "More details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the webpage mentioned above.";

export const untrustedFailure = (why: keyof typeof untrustedText, host: string): Failure =>
  new Failure(60, `${untrustedText[why](host)}\n${untrustedHelp}`);
