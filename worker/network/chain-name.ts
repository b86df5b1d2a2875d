/**
 * Names of kube-proxy's chains: a prefix and 16 characters of a hash.
 * Upstream: pkg/proxy/iptables/proxier.go portProtoHash, servicePortEndpointChainName.
 */
import { sha256 } from "#apimachinery/sha256.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const known = new Map<string, string>();
const bound = 20_000;

/** The first 16 characters of the base32 of the SHA-256. */
export function hash16(text: string): string {
  const present = known.get(text);
  if (present !== undefined) return present;
  const digest = sha256(text);
  let name = "";
  let bits = 0;
  let held = 0;
  for (let i = 0; name.length < 16; i += 1) {
    held = (held << 8) | (digest[i] ?? 0);
    bits += 8;
    while (bits >= 5 && name.length < 16) {
      bits -= 5;
      name += alphabet[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  if (known.size >= bound) known.clear();
  known.set(text, name);
  return name;
}

/** `protocol` is lower case; `servicePort` is `<ns>/<svc>[:<port name>]`. */
export const serviceHash = (servicePort: string, protocol: string): string =>
  hash16(servicePort + protocol);
/** `endpoint` is `<ip>:<port>`. */
export const endpointChain = (servicePort: string, protocol: string, endpoint: string): string =>
  `KUBE-SEP-${hash16(servicePort + protocol + endpoint)}`;
