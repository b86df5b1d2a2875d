/** Query parameters → options. Upstream: apimachinery/pkg/apis/meta/internalversion, pkg/apis/meta/v1/validation. */
import { decodeObject } from "#apimachinery/api/decode.ts";
import { badRequest, invalid } from "#apimachinery/status.ts";
import type { DeleteOptions, FieldValidation, RequestOptions } from "#apiserver/request.ts";

/** Only absence, `false` and `0` mean no. Upstream: apimachinery/pkg/runtime/conversion.go Convert_Slice_string_To_bool. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : text !== "0" && text.toLowerCase() !== "false";
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^-?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

const levels: readonly string[] = ["Ignore", "Warn", "Strict"];

const none: RequestOptions = {};

export function requestOptions(query: URLSearchParams, verb: string): RequestOptions {
  if (query.size === 0) return none;
  const text = (name: string): string | undefined => query.get(name) || undefined;
  return {
    dryRun: isDryRun(query.getAll("dryRun"), verb),
    fieldManager: fieldManager(text("fieldManager"), verb),
    fieldValidation: fieldValidation(text("fieldValidation"), verb),
    force: flag(query, "force"),
    labelSelector: text("labelSelector"),
    fieldSelector: text("fieldSelector"),
    limit: whole(query, "limit"),
    continue: text("continue"),
    resourceVersion: text("resourceVersion"),
    resourceVersionMatch: text("resourceVersionMatch"),
    timeoutSeconds: whole(query, "timeoutSeconds"),
    allowWatchBookmarks: flag(query, "allowWatchBookmarks"),
    sendInitialEvents: flag(query, "sendInitialEvents"),
  };
}

const kindOfOptions: Readonly<Record<string, string>> = {
  create: "CreateOptions",
  update: "UpdateOptions",
  patch: "PatchOptions",
  delete: "DeleteOptions",
  deletecollection: "DeleteOptions",
};

function isDryRun(values: readonly string[], verb: string): boolean {
  const wrong = values.filter((value) => value !== "All" && value !== "");
  if (wrong.length > 0 && kindOfOptions[verb] !== undefined) {
    const message = `Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`;
    throw invalid({ group: "meta.k8s.io", kind: kindOfOptions[verb] }, "", [
      { reason: "FieldValueNotSupported", field: "dryRun", message },
    ]);
  }
  return values.includes("All");
}

function fieldValidation(text: string | undefined, verb: string): FieldValidation | undefined {
  if (text === undefined || !["create", "update", "patch"].includes(verb)) return undefined;
  if (levels.includes(text)) return text as FieldValidation;
  const message = `Unsupported value: ${JSON.stringify(text)}: supported values: "", "Ignore", "Strict", "Warn"`;
  throw invalid({ group: "meta.k8s.io", kind: kindOfOptions[verb] ?? "" }, "", [
    { reason: "FieldValueNotSupported", field: "fieldValidation", message },
  ]);
}

const mostManagerBytes = 128;
const utf8 = new TextEncoder();

/** Upstream: meta/v1/validation ValidateFieldManager. */
function fieldManager(text: string | undefined, verb: string): string | undefined {
  const kind = kindOfOptions[verb];
  if (text === undefined || kind === undefined) return text;
  const isLong = utf8.encode(text).length > mostManagerBytes;
  if (!isLong && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return text;
  throw invalid({ group: "meta.k8s.io", kind }, "", [
    isLong
      ? {
          reason: "FieldValueTooLong",
          field: "fieldManager",
          message: `Too long: may not be more than ${mostManagerBytes} bytes`,
        }
      : {
          reason: "FieldValueInvalid",
          field: "fieldManager",
          message: `Invalid value: ${JSON.stringify(text)}: should only contain printable characters`,
        },
  ]);
}

/** From the body when there is one, else from the query. Throws 400 for a body that is none. */
export function deleteOptions(body: unknown, query: URLSearchParams): DeleteOptions {
  if (body !== undefined && body !== null) {
    const { kind = "DeleteOptions" } = body as { readonly kind?: unknown };
    if (kind !== "DeleteOptions" && kind !== "")
      throw badRequest("decoded object cannot be converted to DeleteOptions");
    const { value, error } = decodeObject(body, "meta.v1.DeleteOptions");
    if (error !== undefined || Array.isArray(body))
      throw badRequest(
        `DeleteOptions in version "v1" cannot be handled as a DeleteOptions: ${error ?? "json: cannot unmarshal array into Go value of type v1.DeleteOptions"}`,
      );
    return value as DeleteOptions;
  }
  const orphan = flag(query, "orphanDependents");
  const policy = query.get("propagationPolicy") || undefined;
  const grace = whole(query, "gracePeriodSeconds");
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(orphan === undefined ? {} : { orphanDependents: orphan }),
  };
}
