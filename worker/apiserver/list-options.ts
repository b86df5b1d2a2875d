/**
 * Which combinations of list and watch parameters there are, and what they mean.
 * Upstream: apimachinery/pkg/apis/meta/internalversion/validation ValidateListOptions, internalversion/defaults.go
 * SetListOptionsDefaults, apiserver/pkg/storage/api_object_versioner.go ParseResourceVersion.
 */
import { type FieldError, FieldPath, forbidden, unsupported } from "#apimachinery/field.ts";
import { badRequest, invalid, type StatusError, timeout } from "#apimachinery/status.ts";
import type { RequestOptions } from "./request.ts";

const matchPath = new FieldPath("resourceVersionMatch");
const refused = (errors: readonly FieldError[]): void => {
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors);
};

/** Throws 422 for parameters of a list (or of a deletion of a collection) that do not go together. */
export function checkListOptions(options: RequestOptions): void {
  const { resourceVersion = "", resourceVersionMatch: match, continue: token } = options;
  const errors: FieldError[] = [];
  if (match !== undefined) {
    if (resourceVersion === "")
      errors.push(
        forbidden(
          matchPath,
          "resourceVersionMatch is forbidden unless resourceVersion is provided",
        ),
      );
    if (token)
      errors.push(
        forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"),
      );
    if (match !== "Exact" && match !== "NotOlderThan")
      errors.push(unsupported(matchPath, match, ["Exact", "NotOlderThan", ""], "listed"));
    if (match === "Exact" && resourceVersion === "0")
      errors.push(
        forbidden(matchPath, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
      );
  }
  if (options.sendInitialEvents !== undefined)
    errors.push(
      forbidden(new FieldPath("sendInitialEvents"), "sendInitialEvents is forbidden for list"),
    );
  refused(errors);
}

/** How a watch begins. */
export interface WatchStart {
  /** `state`: everything there is, as ADDED; else the changes behind `since`. */
  readonly from: "state" | "changes";
  /** 0 = from now on. */
  readonly since: number;
  /** A bookmark tells when the state has been sent. */
  readonly endsInitialEvents: boolean;
}

/** Throws 422 and 400. A watch without a revision begins with the state, as `sendInitialEvents=true` asks for. */
export function watchStart(options: RequestOptions): WatchStart {
  const { resourceVersion = "", resourceVersionMatch: match, continue: token } = options;
  const isLegacy = resourceVersion === "" || resourceVersion === "0";
  const untold = options.sendInitialEvents === undefined && match === undefined;
  const sendInitialEvents = untold && isLegacy ? true : options.sendInitialEvents;
  const errors: FieldError[] = [];
  if (options.sendInitialEvents !== undefined && match !== "NotOlderThan")
    errors.push(
      forbidden(
        matchPath,
        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
      ),
    );
  if (match !== undefined) {
    if (options.sendInitialEvents === undefined)
      errors.push(
        forbidden(
          matchPath,
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        ),
      );
    if (match !== "NotOlderThan")
      errors.push(unsupported(matchPath, match, ["NotOlderThan"], "listed"));
    if (token)
      errors.push(
        forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"),
      );
  }
  refused(errors);
  const since = revisionOf(resourceVersion, "resourceVersion: ");
  return {
    from: sendInitialEvents === true ? "state" : "changes",
    since,
    endsInitialEvents: sendInitialEvents === true && options.allowWatchBookmarks === true,
  };
}

const largest = 2n ** 64n - 1n;

/**
 * A resourceVersion as a number, 0 for none. Throws 400.
 * Differs: for a GET and a watch upstream answers 500 with these words, because its storage error has no code.
 */
export function revisionOf(text: string, where: string): number {
  if (text === "") return 0;
  const quoted = JSON.stringify(text);
  const wrong = (why: string): StatusError =>
    badRequest(`${where}Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: ${why}`);
  if (!/^\d+$/.test(text)) throw wrong("invalid syntax");
  if (BigInt(text) > largest) throw wrong("value out of range");
  return Number(text);
}

/**
 * 504 for a revision that has not come yet. Upstream: storage.NewTooLargeResourceVersionError.
 * Differs: at once, where upstream waits three seconds for it, because nothing but writes through this server moves it.
 */
export const tooLargeRevision = (
  asked: number,
  current: number,
  retryAfterSeconds = 1,
): StatusError =>
  timeout(`Too large resource version: ${asked}, current: ${current}`, retryAfterSeconds, [
    { reason: "ResourceVersionTooLarge", message: "Too large resource version" },
  ]);
