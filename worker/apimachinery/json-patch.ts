/** JSON Patch, RFC 6902, with upstream's refusals. Upstream: apiserver/pkg/endpoints/handlers/patch.go jsonPatcher. */
import fastJsonPatch, { type Operation } from "fast-json-patch";

/** Upstream: maxJSONPatchOperations. */
export const mostOperations = 10_000;

/** What is wrong with the patch itself (400), or with applying it here (422). */
export class JsonPatchError extends Error {
  readonly code: 400 | 413 | 422;
  constructor(code: 400 | 413 | 422, message: string) {
    super(message);
    this.code = code;
  }
}

const operations = new Set(["add", "remove", "replace", "move", "copy", "test"]);

/** The patched value; the target, which may be frozen, stays as it is. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw new JsonPatchError(
      400,
      "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch",
    );
  }
  if (patch.length > mostOperations) {
    throw new JsonPatchError(
      413,
      `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`,
    );
  }
  for (const operation of patch as readonly Operation[]) {
    if (!operations.has(operation?.op))
      throw new JsonPatchError(422, `Unexpected kind: ${String(operation?.op)}`);
  }
  try {
    // The library mutates what it patches: it gets a copy of its own.
    const copy: unknown = JSON.parse(JSON.stringify(target));
    return fastJsonPatch.applyPatch(copy, patch as Operation[], true, true).newDocument;
  } catch (error) {
    const { name = "", operation } = error as { name?: string; operation?: Operation };
    throw new JsonPatchError(422, reasonOf(name, operation, error));
  }
}

function reasonOf(name: string, operation: Operation | undefined, error: unknown): string {
  const path = operation?.path ?? "";
  if (name === "TEST_OPERATION_FAILED") return `testing value ${path} failed: test failed`;
  if (name === "OPERATION_PATH_UNRESOLVABLE" || name === "OPERATION_PATH_CANNOT_ADD") {
    const verb = operation?.op ?? "apply";
    return `${verb} operation does not apply: doc is missing path: ${path}: missing value`;
  }
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
