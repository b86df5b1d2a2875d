/** May this user act for a signer: by its name, or for the whole domain. Upstream: pkg/apis/certificates/authorization.go. */
import type { AdmissionRequest } from "./admission.ts";

export function maySign(
  { user, call }: Pick<AdmissionRequest, "call" | "user">,
  verb: "approve" | "sign",
  signerName: string,
): boolean {
  const isAllowed = (name: string): boolean =>
    call.world.authorizer.authorize(user, {
      isResource: true,
      path: "",
      verb,
      group: "certificates.k8s.io",
      version: "*",
      resource: "signers",
      subresource: "",
      namespace: "",
      name,
    }).allowed;
  return isAllowed(signerName) || isAllowed(`${signerName.split("/")[0]}/*`);
}
