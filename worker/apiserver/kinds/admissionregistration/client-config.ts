/** Where a webhook is reached. Upstream: apiserver/pkg/util/webhook/validation.go. */
import type { V1WebhookClientConfig } from "#apimachinery/api/admissionregistration-v1.ts";
import { type FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { type Errors, portRange, present } from "#apiserver/kinds/rules/rule.ts";

const form = "; desired format: https://host[/path]";

export function webhookUrl(errors: Errors, at: FieldPath, text: string): void {
  const [, scheme = "", authority = "", rest = ""] =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?(.*)$/s.exec(text) ?? [];
  // oxlint-disable-next-line no-control-regex -- what Go's parser refuses
  if (/[\u{0}-\u{20}\u{7f}]/u.test(text)) {
    errors.push(
      required(
        at,
        `url must be a valid URL: parse ${JSON.stringify(text)}: net/url: invalid control character in URL${form}`,
      ),
    );
    return;
  }
  if (scheme.toLowerCase() !== "https")
    errors.push(invalid(at, scheme, `'https' is the only allowed URL scheme${form}`));
  const user = authority.includes("@") ? authority.slice(0, authority.lastIndexOf("@")) : undefined;
  const host = authority.slice(user === undefined ? 0 : user.length + 1);
  if (host === "") errors.push(invalid(at, host, `host must be specified${form}`));
  if (user !== undefined)
    errors.push(invalid(at, user, "user information is not permitted in the URL"));
  const [, query, fragment] = /^[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest) ?? [];
  if (fragment) errors.push(invalid(at, fragment, "fragments are not permitted in the URL"));
  if (query) errors.push(invalid(at, query, "query parameters are not permitted in the URL"));
}

function servicePath(errors: Errors, at: FieldPath, path: string): void {
  if (path === "" || path === "/") return;
  if (path === "//") {
    errors.push(invalid(at, path, "segment[0] may not be empty"));
    return;
  }
  if (!path.startsWith("/")) errors.push(invalid(at, path, "must start with a '/'"));
  for (const [i, step] of path.slice(1).replace(/\/$/, "").split("/").entries()) {
    if (step === "") errors.push(invalid(at, path, `segment[${i}] may not be empty`));
    else
      for (const problem of dns1123Subdomain(step))
        errors.push(invalid(at, path, `segment[${i}]: ${problem}`));
  }
}

export function clientConfig(
  errors: Errors,
  at: FieldPath,
  { url, service }: Partial<V1WebhookClientConfig>,
): void {
  if ((url === undefined) === (service === undefined))
    errors.push(required(at, "exactly one of url or service is required"));
  else if (url !== undefined) webhookUrl(errors, at.child("url"), url);
  else if (service !== undefined) {
    const here = at.child("service");
    const { port = 0 } = service;
    // Upstream takes one for the other, so that each is missed under the other's name.
    present(errors, here.child("name"), service.namespace);
    present(errors, here.child("namespace"), service.name);
    if (port < portRange[0] || port > portRange[1])
      errors.push(
        invalid(
          here.child("port"),
          port,
          `port is not valid: must be between ${portRange[0]} and ${portRange[1]}, inclusive`,
        ),
      );
    servicePath(errors, here.child("path"), service.path ?? "");
  }
}
