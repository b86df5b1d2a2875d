/** Kinds with behaviour of their own; every other kind is served from the API's facts alone. */
import type { Kind } from "./kind.ts";

export const kinds: readonly Kind[] = [];
