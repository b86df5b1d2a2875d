/** What a new cluster is called, its key, and the way to its object. */
import type { Env } from "./env.ts";

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

type Objects = Env["CLUSTER"];

/** An object's id is a hash of its name: worked out once for those that are busy. */
const known = new Map<string, DurableObjectId>();
const mostKnown = 1000;

export function stubOf({ CLUSTER }: Env, id: string): ReturnType<Objects["get"]> {
  let found = known.get(id);
  if (found === undefined) {
    if (known.size >= mostKnown) known.clear();
    found = CLUSTER.idFromName(id);
    known.set(id, found);
  }
  return CLUSTER.get(found);
}
