/** One request of a command, and what the shell remembers of all of them. */

export interface World {
  /** The cluster's URL. */
  readonly base: string;
  readonly host: string;
  /** Text of a file of the lesson. */
  file(name: string): Promise<string>;
}

export interface Answer {
  readonly code: number;
  readonly text: string;
  readonly type: string;
}

export class Calls {
  count = 0;
  readonly #world: World;
  constructor(world: World) {
    this.#world = world;
  }

  get world(): World {
    return this.#world;
  }

  async send(url: string, init: RequestInit = {}): Promise<Answer> {
    this.count += 1;
    const answer = await fetch(url, { cache: "no-store", ...init });
    return {
      code: answer.status,
      text: await answer.text(),
      type: answer.headers.get("content-type") ?? "",
    };
  }

  /** Kubernetes' own paths, below the cluster's URL; a refusal throws as kubectl prints it. */
  async kube<T = unknown>(
    path: string,
    init: RequestInit = {},
    server = this.#world.base,
  ): Promise<T> {
    const headers = {
      accept: "application/json",
      ...(init.headers as Record<string, string> | undefined),
    };
    const { code, text } = await this.send(`${server}/${path}`, { ...init, headers });
    const value = JSON.parse(text) as { reason?: string; message?: string };
    if (code >= 400) throw new KubeError(code, value.reason ?? "", value.message ?? text);
    return value as T;
  }
}

export class KubeError extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(
      reason === "Invalid" || reason === "" ? message : `Error from server (${reason}): ${message}`,
    );
    this.code = code;
    this.reason = reason;
  }
}

/** Flags (`-f x`, `--to=x`, `--to x`) and the rest. `bare` names flags without a value. */
export function flagsOf(
  words: readonly string[],
  bare: readonly string[] = [],
): { flags: Map<string, string>; rest: string[] } {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    if (!word.startsWith("-") || word === "-") {
      rest.push(word);
      continue;
    }
    const [name = "", value] = word.split(/=(.*)/s);
    if (value !== undefined) flags.set(name, value);
    else if (bare.includes(name)) flags.set(name, "true");
    else {
      i += 1;
      flags.set(name, words[i] ?? "");
    }
  }
  return { flags, rest };
}
