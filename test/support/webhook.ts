/** A webhook's server as a test runs one: answers by path, and remembers what it was asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// oxlint-disable-next-line typescript/no-explicit-any -- a review is what the test says it is
type Json = any;
export interface WebhookServer {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** As a configuration names it: over https, as Kubernetes demands. */
  readonly named: string;
  /** Requests of reviews, in order. */
  readonly asked: Json[];
  close(): void;
}

const patchOf = (patch: Json): string => btoa(JSON.stringify(patch));

/**
 * `answers`: by path, from the review's request: the `response` but for its uid, a whole answer as `{ status, text }`,
 * or nothing at all. A `patch` that is a list is encoded.
 */
export async function webhookServer(
  answers: Readonly<Record<string, (request: Json) => Json>>,
): Promise<WebhookServer> {
  const asked: Json[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const review = JSON.parse(text);
      asked.push(review.request);
      const path = new URL(request.url ?? "/", "http://x").pathname;
      const answer = answers[path]?.(review.request);
      // No answer at all: the caller's patience ends it.
      if (answer === undefined) return;
      if ("text" in answer) return void response.writeHead(answer.status).end(answer.text);
      const patch = Array.isArray(answer.patch)
        ? { patch: patchOf(answer.patch), patchType: "JSONPatch" }
        : {};
      const { apiVersion, kind } = review;
      const said = { uid: review.request.uid, ...answer, ...patch };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ apiVersion, kind, response: said }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    named: `https://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
