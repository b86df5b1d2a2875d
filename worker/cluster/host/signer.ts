/**
 * What the controller manager has signed: WebCrypto works in promises, so a signature is an errand of the
 * step that asks (`apiserver/awaiting.ts`). What was signed is kept for the step's second run.
 */
import { legacyClaims } from "#apiserver/authentication/token-claims.ts";
import type { TokenKeys } from "#apiserver/authentication/token-keys.ts";
import { Awaiting } from "#apiserver/awaiting.ts";
import type { Signer } from "#controllers/signer.ts";
import { issue } from "./authority.ts";
import type { Secrets } from "./secrets.ts";

/** Signatures kept; a step takes its own right after it was made. */
const most = 100;

export function signerOf(secrets: Secrets, tokens: TokenKeys): Signer {
  const made = new Map<string, unknown>();
  const answer = <T>(id: string, run: () => Promise<T>): T => {
    if (made.has(id)) return made.get(id) as T;
    const keep = async (): Promise<void> => {
      if (made.size >= most) made.clear();
      made.set(id, await run());
    };
    throw new Awaiting([{ id, run: keep }]);
  };
  return {
    get rootCa() {
      return secrets.authority.certificate;
    },
    certificate: (asked) =>
      answer(`certificate ${asked.id}`, () => issue(secrets.authority, asked, secrets.serial())),
    token: (asked) => answer(`token ${asked.id}`, () => tokens.sign(legacyClaims(asked))),
  };
}
