/**
 * Whose bearer token is it? The signature is looked at outside the gates and remembered; what the state
 * has to say of it is asked each time.
 * Upstream: pkg/kubeapiserver/authenticator/config.go, apiserver/pkg/authentication/token/cache.
 */
import type { Bearer } from "./bearer.ts";
import { nobodys } from "./bearer.ts";
import { bootstrapBearer } from "./bootstrap-token.ts";
import { serviceAccountBearer, type TokenWorld } from "./service-account-token.ts";
import type { TokenKeys } from "./token-keys.ts";

/** Proven tokens remembered; the oldest goes first. */
const most = 1000;

export class TokenAuthenticator {
  readonly keys: TokenKeys;
  readonly #world: TokenWorld;
  readonly #proven = new Map<string, Bearer>();

  constructor(keys: TokenKeys, world: TokenWorld) {
    this.keys = keys;
    this.#world = world;
  }

  /** Looks at the signature; never rejects. A token of nobody is a bearer that no audience accepts. */
  async prove(token: string): Promise<Bearer> {
    const known = this.#proven.get(token);
    if (known !== undefined) return known;
    const bearer = bootstrapBearer(token, this.#world) ?? (await this.#signed(token));
    if (bearer !== nobodys) this.#remember(token, bearer);
    return bearer;
  }

  async #signed(token: string): Promise<Bearer> {
    const claims = await this.keys.verify(token);
    return claims === undefined ? nobodys : serviceAccountBearer(token, claims, this.#world);
  }

  #remember(token: string, bearer: Bearer): void {
    if (this.#proven.size >= most) {
      const oldest = this.#proven.keys().next().value;
      if (oldest !== undefined) this.#proven.delete(oldest);
    }
    this.#proven.set(token, bearer);
  }
}
