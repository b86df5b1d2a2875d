/** A cluster's URL is its credential: `/clusters/<id>-<key>`. */
import type { Env } from "./env.ts";

export interface Address {
  readonly id: string;
  /** "" = the URL names the cluster alone. */
  readonly key: string;
  /** `http://host/clusters/<id>-<key>`, no trailing slash. */
  readonly url: string;
  /** What follows it, with its slash. */
  readonly path: string;
  /** With its question mark; "" when there is none. */
  readonly search: string;
  readonly query: URLSearchParams;
}

const consonants = "bcdfghjkmnpqrstvwxz";
const vowels = "aeiou";
/** Crockford's base 32: no letters that look like digits. */
const digits = "0123456789abcdefghjkmnpqrstvwxyz";
const keyLength = 26;

const drawn = (alphabet: string, count: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) =>
    alphabet.charAt(byte % alphabet.length),
  ).join("");

/** Something to say aloud, and a number. */
export function newId(): string {
  const word = (): string =>
    Array.from({ length: 2 }, () => drawn(consonants, 1) + drawn(vowels, 1)).join("") +
    drawn(consonants, 1);
  return `${word()}${drawn("123456789", 1)}${drawn("0123456789", 4)}`;
}
/** 130 random bits: 32 divides 256, so each digit is uniform. */
export const newKey = (): string => drawn(digits, keyLength);

const shape = /^\/clusters\/([a-z0-9]{3,20})(?:-([0-9a-z]{1,64}))?(\/.*)?$/;

export function addressOf(requestUrl: string): Address | undefined {
  const { origin, pathname, search, searchParams: query } = new URL(requestUrl);
  const found = shape.exec(pathname);
  if (found === null) return undefined;
  const [, id = "", key = "", path = "/"] = found;
  const secret = key === "" ? "" : `-${key}`;
  return { id, key, url: `${origin}/clusters/${id}${secret}`, path, search, query };
}

export const stubOf = ({ CLUSTER }: Env, id: string): ReturnType<Env["CLUSTER"]["get"]> =>
  CLUSTER.get(CLUSTER.idFromName(id));
