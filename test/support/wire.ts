/** The API as a program with nothing but HTTP sees it. */
import type { Cluster } from "./cluster.ts";

export interface Called {
  readonly code: number;
  readonly body: unknown;
  readonly headers: Headers;
}
export interface Event {
  readonly type: string;
  readonly object: {
    readonly metadata: { readonly name: string; readonly resourceVersion: string };
    readonly [field: string]: unknown;
  };
}
export interface Watching {
  /** What has come so far, in order. */
  readonly seen: readonly Event[];
  stop(): void;
}

export interface Wire {
  get(path: string, accept?: string): Promise<Called>;
  post(path: string, body: unknown, contentType?: string): Promise<Called>;
  put(path: string, body: unknown): Promise<Called>;
  /** A merge patch unless the type says otherwise. */
  patch(path: string, body: unknown, contentType?: string): Promise<Called>;
  delete(path: string, options?: unknown): Promise<Called>;
  text(path: string): Promise<{ readonly code: number; readonly text: string }>;
  watch(path: string, accept?: string): Watching;
}

export function wire(
  { url }: Pick<Cluster, "url">,
  headers: Readonly<Record<string, string>> = {},
): Wire {
  const json = "application/json";
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    { contentType = json, accept = json }: { contentType?: string; accept?: string } = {},
  ): Promise<Called> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        accept,
        ...(body === undefined ? {} : { "content-type": contentType }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Plain text stays what it is.
    }
    return { code: answer.status, body: parsed, headers: answer.headers };
  };
  return {
    get: (path, accept) => call("GET", path, undefined, accept === undefined ? {} : { accept }),
    post: (path, body, contentType) =>
      call("POST", path, body, contentType === undefined ? {} : { contentType }),
    put: (path, body) => call("PUT", path, body),
    patch: (path, body, contentType = "application/merge-patch+json") =>
      call("PATCH", path, body, { contentType }),
    delete: (path, options) => call("DELETE", path, options),
    text: async (path) => {
      const answer = await fetch(`${url}${path}`, { headers });
      return { code: answer.status, text: await answer.text() };
    },
    watch: (path, accept = json) => watching(`${url}${path}`, { accept, ...headers }),
  };
}

function watching(url: string, headers: Readonly<Record<string, string>>): Watching {
  const seen: Event[] = [];
  const control = new AbortController();
  const read = async (): Promise<void> => {
    const answer = await fetch(url, { headers, signal: control.signal });
    let rest = "";
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") seen.push(JSON.parse(line) as Event);
    }
  };
  read().catch((error: unknown) => {
    if (!control.signal.aborted) throw error;
  });
  return { seen, stop: () => control.abort() };
}
