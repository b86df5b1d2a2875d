/** Text for curl, JSON on request: by Accept or `?o=`, never by User-Agent. */
import type { Status, StatusError } from "#apimachinery/status.ts";

export type Form = "json" | "text" | "events";

export function formOf(request: Request): Form {
  const asked = new URL(request.url).searchParams.get("o");
  if (asked === "json" || asked === "text") return asked;
  const accept = request.headers.get("accept") ?? "";
  if (accept.includes("text/event-stream")) return "events";
  return accept.includes("application/json") ? "json" : "text";
}

const headers = { vary: "Accept", "referrer-policy": "no-referrer", "cache-control": "no-store" };

export const json = (value: unknown, status = 200): Response =>
  Response.json(value, { status, headers });

export const text = (body: string, status = 200): Response =>
  new Response(body.endsWith("\n") ? body : `${body}\n`, {
    status,
    headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
  });

/** A refusal: the Status itself for programs, its message and causes for people. */
export function refusal(error: StatusError, form: Form): Response {
  const { status, code } = error;
  return form === "json" ? json(status, code) : text(refusalText(status), code);
}

function refusalText({ message = "", code, reason = "", details }: Status): string {
  const causes = (details?.causes ?? []).map(
    ({ field, message: why }) => `  ${field ?? ""}: ${why ?? ""}`,
  );
  return [`${code} ${reason}: ${message}`, ...(causes.length > 1 ? causes : [])].join("\n");
}
