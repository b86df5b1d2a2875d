/** A bearer token whose signature has been looked at: what remains is a question of the state, asked at gate 1. */
import type { Remarks, UserInfo } from "#apiserver/request.ts";

export interface Identified {
  /** The same object each time, so that what hangs on identity may be cached. Undefined: refused. */
  readonly user?: UserInfo | undefined;
  /** Those of the asked-for audiences that the token is meant for. */
  readonly audiences: readonly string[];
  /** Why it is refused; "" otherwise. */
  readonly error: string;
  readonly remarks?: Remarks | undefined;
}

export interface Bearer {
  /** Whose token it is by the state of this moment. */
  identify(audiences: readonly string[]): Identified;
}

export const refused = (error: string, remarks?: Remarks): Identified => ({
  audiences: [],
  error,
  remarks,
});
/** Of a token that nobody here has issued. */
export const nobodysError = "invalid bearer token";
export const nobodys: Bearer = { identify: () => refused(nobodysError) };
