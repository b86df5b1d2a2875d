/**
 * A small HTTP client that keeps its connections: what a benchmark spends here it does not measure there,
 * and Node's own `fetch` costs more than the server it asks.
 */
import { Agent, type IncomingMessage, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 2048 });

export interface Got {
  readonly code: number;
  readonly text: string;
  readonly bytes: number;
}
export interface Asked {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = { accept: "application/json", "content-type": "application/json" };

function begun(url: string, asked: Asked): Promise<IncomingMessage> {
  const { method = "GET", body, headers } = asked;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers: { ...json, ...headers } }, resolve);
    sent.on("error", (error: NodeJS.ErrnoException) => {
      // The server closed a connection that lay idle in the moment we took it: nothing was asked yet.
      if (sent.reusedSocket && error.code === "ECONNRESET") resolve(begun(url, asked));
      else reject(error);
    });
    sent.end(body);
  });
}

export async function ask(url: string, asked: Asked = {}): Promise<Got> {
  const answer = await begun(url, asked);
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  return { code: answer.statusCode ?? 0, text: whole.toString("utf8"), bytes: whole.length };
}

/** The answer to a request that must not fail. */
export async function must(url: string, asked: Asked = {}): Promise<Got> {
  const got = await ask(url, asked);
  if (got.code >= 300) throw new Error(`${asked.method ?? "GET"} ${url}: ${got.code} ${got.text}`);
  return got;
}

export interface Watching {
  close(): void;
}

/** A watch: each complete line is handed over as it comes. Resolves when the answer has begun. */
export async function watch(url: string, heard: (line: string) => void): Promise<Watching> {
  const answer = await begun(url, {});
  if (answer.statusCode !== 200) throw new Error(`watch ${url}: ${answer.statusCode}`);
  let rest = "";
  answer.setEncoding("utf8");
  answer.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) heard(line);
  });
  // Its end is our own doing.
  answer.on("error", () => undefined);
  return { close: () => answer.destroy() };
}
