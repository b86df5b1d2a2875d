/**
 * What a client holds against the certificate that a server shows, in Go's words.
 * Upstream: Go's crypto/x509/verify.go Certificate.Verify, VerifyHostname.
 * Differs: constraints on names and the usages of keys in between are not looked at, because certificates made at home have
 * none.
 */
import { timeText } from "#apimachinery/time.ts";
import { type Bytes, DerError } from "#apimachinery/x509/der.ts";
import { pemBlocks } from "#apimachinery/x509/pem.ts";
import { type ReadCertificate, readCertificate } from "#apimachinery/x509/read-certificate.ts";
import { isSignedBy } from "./signature.ts";

export interface Shown {
  /** The server's own certificate and those between it and an authority, as PEM. */
  readonly chain: string;
  /** Certificates of the authorities that the client believes, as PEM. */
  readonly trusts: string;
  /** The host as the client calls it. */
  readonly name: string;
  /** Two clocks, between which both agree: people's certificates live by the wall's, those of the cluster by its own. */
  readonly nowMs: { readonly earliest: number; readonly latest: number };
}

const serverAuth = "1.3.6.1.5.5.7.3.1";
const anyUsage = "2.5.29.37.0";
const rsaKey = "1.2.840.113549.1.1.1";
/** Certificates between a server's and an authority's. */
const mostBetween = 8;

/** The certificates of a text; what is none is passed over. */
export const certificatesOf = (text: string): readonly ReadCertificate[] =>
  pemBlocks(text)
    .filter(({ type }) => type === "CERTIFICATE")
    .flatMap(({ der }) => {
      try {
        return [readCertificate(der)];
      } catch (error) {
        if (error instanceof DerError) return [];
        throw error;
      }
    });

/** Undefined: nothing. */
export async function certificateProblem(shown: Shown): Promise<string | undefined> {
  const [leaf, ...between] = certificatesOf(shown.chain);
  if (leaf === undefined) return "tls: received empty certificates message";
  const problem =
    dateProblem(leaf, shown) ?? nameProblem(leaf, shown.name) ?? (await chainProblem(leaf));
  return problem === undefined ? undefined : `tls: failed to verify certificate: x509: ${problem}`;

  async function chainProblem(of: ReadCertificate): Promise<string | undefined> {
    const roots = certificatesOf(shown.trusts);
    const search: Search = { roots, between, shown, hint: undefined };
    const isKnown = roots.some(({ der }) => isSame(der, of.der)) || (await leads(of, search, 0));
    if (!isKnown) return `certificate signed by unknown authority${search.hint ?? ""}`;
    const { extendedKeyUsages: usages } = of;
    return usages.length === 0 || usages.includes(serverAuth) || usages.includes(anyUsage)
      ? undefined
      : "certificate specifies an incompatible key usage";
  }
}

interface Search {
  readonly roots: readonly ReadCertificate[];
  readonly between: readonly ReadCertificate[];
  readonly shown: Shown;
  /** Who might have signed it, but did not. */
  hint: string | undefined;
}

/** Is there a way from it to an authority that is believed? */
async function leads(of: ReadCertificate, search: Search, depth: number): Promise<boolean> {
  const { roots, between, shown } = search;
  const isIssuer = ({ subject }: ReadCertificate): boolean => isSame(subject.der, of.issuer.der);
  for (const [parents, isRoot] of [
    [roots, true],
    [between, false],
  ] as const) {
    for (const parent of parents.filter(isIssuer)) {
      const why =
        parent.isAuthority !== true
          ? "x509: invalid signature: parent certificate cannot sign this kind of certificate"
          : (await isSignedBy(of, parent.publicKey))
            ? undefined
            : parent.publicKeyAlgorithm === rsaKey
              ? "crypto/rsa: verification error"
              : "x509: ECDSA verification failure";
      if (why !== undefined) {
        search.hint ??= ` (possibly because of ${JSON.stringify(why)} while trying to verify candidate authority certificate ${JSON.stringify(titleOf(parent))})`;
        continue;
      }
      if (dateProblem(parent, shown) !== undefined) continue;
      if (isRoot || (depth < mostBetween && (await leads(parent, search, depth + 1)))) return true;
    }
  }
  return false;
}

const isSame = (one: Bytes, other: Bytes): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

const titleOf = ({ subject }: ReadCertificate): string =>
  subject.commonName || (subject.organizations[0] ?? "");

function dateProblem(
  { notBeforeMs, notAfterMs }: ReadCertificate,
  { nowMs: { earliest, latest } }: Pick<Shown, "nowMs">,
): string | undefined {
  const why = "certificate has expired or is not yet valid: current time";
  if (latest < notBeforeMs) return `${why} ${timeText(latest)} is before ${timeText(notBeforeMs)}`;
  return earliest > notAfterMs
    ? `${why} ${timeText(earliest)} is after ${timeText(notAfterMs)}`
    : undefined;
}

function nameProblem({ altNames, subject }: ReadCertificate, name: string): string | undefined {
  const { dns, ips } = altNames;
  const address = /^\d+(\.\d+){3}$/.test(name);
  if (address) {
    const own = ips.map((bytes) => bytes.join("."));
    if (own.includes(name)) return undefined;
    return own.length === 0
      ? `cannot validate certificate for ${name} because it doesn't contain any IP SANs`
      : `certificate is valid for ${own.join(", ")}, not ${name}`;
  }
  if (dns.some((pattern) => isNamed(pattern, name))) return undefined;
  if (dns.length > 0) return `certificate is valid for ${dns.join(", ")}, not ${name}`;
  return altNames.der === undefined && subject.commonName !== ""
    ? "certificate relies on legacy Common Name field, use SANs instead"
    : `certificate is not valid for any names, but wanted to match ${name}`;
}

/** `*` stands for the first label. */
function isNamed(pattern: string, name: string): boolean {
  const [one, other] = [pattern, name].map((text) => text.toLowerCase().replace(/\.$/, ""));
  const [first, ...rest] = (one as string).split(".");
  const [host, ...domain] = (other as string).split(".");
  if (rest.join(".") !== domain.join(".")) return false;
  return first === "*" ? domain.length > 0 : first === host;
}
