/**
 * Where a list of pages goes on: the revision of its first page, and the key behind the last one shown.
 * Upstream: apiserver/pkg/storage/continue.go, pkg/storage/etcd3/errors.go.
 */
import { base64UrlOf, bytesIn } from "#apimachinery/base64.ts";
import { badRequest, expired, StatusError } from "#apimachinery/status.ts";

interface Token {
  readonly v: "meta.k8s.io/v1";
  /** -1: the newest state, after the list's own was compacted. */
  readonly rv: number;
  /** Below the list's prefix; a NUL at the end means "behind this key". */
  readonly start: string;
}
export interface Continuation {
  /** Undefined: the newest. */
  readonly at: number | undefined;
  readonly after: string;
}

const behind = "\0";
/** `at` -1 = the newest state. */
export function continueToken(at: number, lastKey: string): string {
  const token: Token = { v: "meta.k8s.io/v1", rv: at, start: lastKey + behind };
  return base64UrlOf(new TextEncoder().encode(JSON.stringify(token)));
}

const refused = (why: string): StatusError =>
  badRequest(`invalid continue token: continue key is not valid${why}`);

/** Throws 400. Only keys below the prefix can be named. */
export function continuation(text: string): Continuation {
  const { v, rv, start } = parsed(text);
  if (v !== "meta.k8s.io/v1")
    throw refused(`: server does not recognize this encoded version ${v ?? ""}`);
  if (!rv) throw refused(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  if (!start) throw refused(": encoded start key empty (version meta.k8s.io/v1)");
  const parts = start.split("/");
  if (parts.some((part, i) => part === ".." || part === "." || (part === "" && i > 0)))
    throw refused(`: ${start}`);
  return {
    at: rv > 0 ? rv : undefined,
    after: start.endsWith(behind) ? start.slice(0, -1) : start,
  };
}

function parsed(text: string): Partial<Token> {
  const foreign = /[^A-Za-z0-9_-]/.exec(text);
  if (foreign !== null) throw refused(`: illegal base64 data at input byte ${foreign.index}`);
  let json: string;
  try {
    json = new TextDecoder().decode(bytesIn(text.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    throw refused(`: illegal base64 data at input byte ${text.length - (text.length % 4)}`);
  }
  try {
    const token = JSON.parse(json) as Token;
    if (Number.isInteger(token.rv) && typeof token.start === "string") return token;
    return { ...token, rv: 0 };
  } catch {
    throw refused(
      `: invalid character ${JSON.stringify(json.charAt(0))} looking for beginning of value`,
    );
  }
}

const tooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** 410 with a token that goes on from the newest state. */
export function staleToken(lastKey: string): StatusError {
  return new StatusError({
    ...expired(tooOld).status,
    metadata: { continue: continueToken(-1, lastKey) },
  });
}
/** 410 of an exact revision that is compacted. */
export const staleList = (): StatusError =>
  expired("The resourceVersion for the provided list is too old.");
