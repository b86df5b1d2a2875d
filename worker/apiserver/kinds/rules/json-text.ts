/** A text that holds JSON, read as Go reads it into a type. Upstream: encoding/json Unmarshal. */
import { scanJson } from "#apimachinery/json-scan.ts";

export interface JsonText {
  /** Nothing, of `null` and of what could not be read. */
  readonly value?: unknown;
  readonly problem?: string;
}
type Sort = "array" | "bool" | "number" | "object" | "string";

function sortOf(value: unknown): Sort | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : (typeof value as Sort);
}
/** `type` is what Go calls the thing that it reads into. */
export function jsonText(text: string, wanted: Sort, type: string): JsonText {
  const { error } = scanJson(text);
  if (error !== undefined) return { problem: error };
  const value: unknown = JSON.parse(text);
  const sort = sortOf(value);
  if (sort === undefined) return {};
  return sort === wanted
    ? { value }
    : { problem: `json: cannot unmarshal ${sort} into Go value of type ${type}` };
}
