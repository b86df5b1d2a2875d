/**
 * Where a webhook listens, and whether it may be called: at public addresses, over https. A cluster runs among
 * others in somebody's network; its webhooks shall not be a way into it.
 * Differs: of an address outside the caBundle is not used, because the platform trusts public authorities alone.
 */
import ipaddr from "ipaddr.js";
import type { V1WebhookClientConfig } from "#apimachinery/api/admissionregistration-v1.ts";

const privateNames =
  /(^|\.)(localhost|local|internal|intranet|lan|home|corp|svc|arpa|test|example|invalid|onion)$/;
/** Names that spell an address: `10-0-0-1.nip.io`, `10.0.0.1.sslip.io`. */
const spelled =
  /(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})\.(?:nip\.io|sslip\.io|xip\.io)$/;
const loopbackNames = /(^|\.)(localtest\.me|lvh\.me|vcap\.me|lacolhost\.com)$/;

/** There is no way to it at all. */
export const unreachable = "dial tcp: connect: network is unreachable";

const isPublicAddress = (text: string): boolean => ipaddr.process(text).range() === "unicast";

/** Every configuration says https; an exempt origin that is one of http has no certificate. */
export function calledAs(url: string, allowed: readonly string[]): string {
  const plain = url.replace(/^https:/i, "http:");
  return allowed.includes(new URL(plain).origin) ? plain : url;
}

/** Why the address may not be called; undefined: it may. `allowed`: origins that are exempt. */
export function refusedAddress(url: URL, allowed: readonly string[]): string | undefined {
  if (allowed.includes(new URL(calledAs(url.href, allowed)).origin)) return undefined;
  if (url.protocol !== "https:")
    return `unsupported protocol scheme "${url.protocol.slice(0, -1)}": webhooks are called over https`;
  const host = url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const why = `dial tcp: ${host} is not a public address: webhooks are called at public addresses only`;
  if (ipaddr.isValid(host)) return isPublicAddress(host) ? undefined : why;
  const [, ...octets] = spelled.exec(host) ?? [];
  if (octets.length === 4) {
    const address = octets.join(".");
    return ipaddr.isValid(address) && isPublicAddress(address) ? undefined : why;
  }
  const isNamed = host.includes(".") && !privateNames.test(host) && !loopbackNames.test(host);
  return isNamed ? undefined : why;
}

/** The address as upstream prints it, with the time there is. */
export function urlOf({ url, service }: V1WebhookClientConfig, timeoutSeconds: number): string {
  const base =
    service === undefined
      ? (url ?? "")
      : `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${pathOf(service.path)}`;
  return `${base}${base.includes("?") ? "&" : "?"}timeout=${timeoutSeconds}s`;
}
const pathOf = (path = ""): string => (path === "" || path.startsWith("/") ? path : `/${path}`);
