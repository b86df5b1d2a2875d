/**
 * The world outside of the cluster: https calls to webhooks. What a fetch cannot do is an answer, never an error.
 * Redirects are not followed, so that an answer comes from the address that was checked.
 */
import { calledAs } from "#apiserver/admission/webhooks/address.ts";
import type { Heard, Outside } from "#apiserver/world.ts";
import { after } from "./wall.ts";

/** An AdmissionReview answer is small; more than this is no answer. */
const mostBytes = 4 * 1024 * 1024;

export const outside = (allowedOrigins: readonly string[]): Outside => ({
  allowedOrigins,
  async post({ url, body, timeoutMs }): Promise<Heard> {
    const ending = new AbortController();
    const cancel = after(timeoutMs, () => ending.abort());
    try {
      const answer = await fetch(calledAs(url, allowedOrigins), {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, */*" },
        body,
        redirect: "manual",
        signal: ending.signal,
      });
      if (Number(answer.headers.get("content-length") ?? 0) > mostBytes)
        return { failure: "http: response body too large" };
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      if (ending.signal.aborted) return { failure: "context deadline exceeded" };
      return { failure: reasonOf(error) };
    } finally {
      cancel();
    }
  },
});

/** The platform's words differ; the kind of failure is told as upstream's. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/refused/i.test(text)) return "dial tcp: connect: connection refused";
  if (/ENOTFOUND|lookup|DNS/i.test(text)) return "dial tcp: no such host";
  return text;
}
