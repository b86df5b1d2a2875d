/** A small body or query of the platform's own paths, as a flat record: form, JSON or YAML. */
import { parse } from "yaml";
import { badRequest, tooLarge } from "#apimachinery/status.ts";

/** What nobody needs more of for a clock order or an answer. */
const mostBytes = 64 * 1024;

/** Query and body together; the body wins. Throws 400 and 413 Status. */
export async function fieldsOf(request: Request): Promise<Record<string, unknown>> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  delete query.o;
  const body = await request.text();
  if (body.length > mostBytes) throw tooLarge(`limit is ${mostBytes}`);
  if (body.trim() === "") return query;
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim();
  if (type === "" || type === "application/x-www-form-urlencoded") {
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  }
  let value: unknown;
  try {
    value = type === "application/json" ? JSON.parse(body) : parse(body);
  } catch (error) {
    throw badRequest(`the body is not ${type}: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badRequest('the body must be an object, e.g. {"mode":"paused"}');
  }
  return { ...query, ...value };
}
