/**
 * The one exception of the API: a refusal that is a Kubernetes Status.
 * Made only through the constructors below; caught at the edge (→ body) and in the loop (→ back-off).
 * Upstream: apimachinery/pkg/api/errors/errors.go.
 */
import { aggregated } from "./aggregate.ts";
import type { FieldError } from "./field.ts";

export interface StatusCause {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
}
export interface StatusDetails {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly uid?: string | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}
/** meta.k8s.io/v1 Status, as it goes over the wire. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Record<string, unknown>;
  readonly status: "Success" | "Failure";
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly details?: StatusDetails | undefined;
  readonly code?: number | undefined;
}

/** `<plural>` and its group ("" = core). */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export class StatusError extends Error {
  readonly status: Status;
  /** What was said to the client besides: `Warning` headers. */
  warnings: readonly string[] = [];
  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
  get code(): number {
    return this.status.code ?? 500;
  }
  get reason(): string {
    return this.status.reason ?? "";
  }
}

/** `pods`, `deployments.apps`. */
export const resourceText = ({ group, resource }: GroupResource): string =>
  group === "" ? resource : `${resource}.${group}`;

function failure(
  code: number,
  reason: string,
  message: string,
  details?: StatusDetails,
): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

/** As upstream, `details.kind` is the resource, except for Invalid. */
const about = (on: GroupResource, name: string): StatusDetails => ({
  ...(name === "" ? {} : { name }),
  ...(on.group === "" ? {} : { group: on.group }),
  ...(on.resource === "" ? {} : { kind: on.resource }),
});

export const notFound = (on: GroupResource, name: string): StatusError =>
  failure(404, "NotFound", `${resourceText(on)} "${name}" not found`, about(on, name));
/** An unknown path or resource. */
export const noSuchResource = (): StatusError =>
  failure(404, "NotFound", "the server could not find the requested resource", {});
export const alreadyExists = (on: GroupResource, name: string): StatusError =>
  failure(409, "AlreadyExists", `${resourceText(on)} "${name}" already exists`, about(on, name));
/** All tries of a generated name were taken. */
export const generateNameConflict = (on: GroupResource, name: string): StatusError =>
  failure(
    409,
    "AlreadyExists",
    `${resourceText(on)} "${name}" already exists, the server was not able to generate a unique name for the object`,
    { ...about(on, name), retryAfterSeconds: 1 },
  );
export const objectModified =
  "the object has been modified; please apply your changes to the latest version and try again";
export const conflict = (
  on: GroupResource,
  name: string,
  why: string = objectModified,
): StatusError =>
  failure(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${resourceText(on)} "${name}": ${why}`,
    about(on, name),
  );
export function invalid(on: GroupKind, name: string, errors: readonly FieldError[]): StatusError {
  const text = aggregated(
    errors.map((e) => (e.field === "" ? e.message : `${e.field}: ${e.message}`)),
  );
  const kind = on.group === "" ? on.kind : `${on.kind}.${on.group}`;
  return failure(422, "Invalid", `${kind} ${JSON.stringify(name)} is invalid: ${text}`, {
    ...(name === "" ? {} : { name }),
    ...(on.group === "" ? {} : { group: on.group }),
    ...(on.kind === "" ? {} : { kind: on.kind }),
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}
/** Gate 2 and admission: `pods "x" is forbidden: why`. An empty resource: `forbidden: why`. */
export function forbidden(
  on: GroupResource,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  const subject =
    on.resource === ""
      ? "forbidden"
      : name === ""
        ? `${resourceText(on)} is forbidden`
        : `${resourceText(on)} ${JSON.stringify(name)} is forbidden`;
  return failure(403, "Forbidden", `${subject}: ${why}`, {
    ...about(on, name),
    ...(causes === undefined ? {} : { causes }),
  });
}
export const badRequest = (message: string, causes?: readonly StatusCause[]): StatusError =>
  failure(400, "BadRequest", message, causes === undefined ? undefined : { causes });
export const unauthorized = (): StatusError => failure(401, "Unauthorized", "Unauthorized");
/** The verb has no route there at all. */
export const methodNotRouted = (): StatusError =>
  failure(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
export const notAcceptable = (
  accepted: readonly string[],
  message = `only the following media types are accepted: ${accepted.join(", ")}`,
): StatusError => failure(406, "NotAcceptable", message);
export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  failure(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  );
export const tooLarge = (message: string): StatusError =>
  failure(413, "RequestEntityTooLarge", `Request entity too large: ${message}`);
/** 503: what should answer is not there. */
export const serviceUnavailable = (message: string): StatusError =>
  failure(503, "ServiceUnavailable", message);
export const tooManyRequests = (message: string, retryAfterSeconds: number): StatusError =>
  failure(429, "TooManyRequests", message, { retryAfterSeconds });
/** 410: the revision asked for is compacted. */
export const expired = (message: string): StatusError => failure(410, "Expired", message);
export const expiredRevision = (asked: number, oldest: number): StatusError =>
  expired(`too old resource version: ${asked} (${oldest})`);
export const timeout = (
  message: string,
  retryAfterSeconds: number,
  causes?: readonly StatusCause[],
): StatusError =>
  failure(504, "Timeout", `Timeout: ${message}`, {
    ...(causes === undefined ? {} : { causes }),
    retryAfterSeconds,
  });
export const internalError = (message: string): StatusError =>
  failure(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
/** What upstream answers for an error that is no Status. Upstream: responsewriters/status.go ErrorToAPIStatus. */
export const unexpected = (message: string): StatusError => failure(500, "", message);
/** A refusal of the platform's own paths (`/-/…`): 422 with the option that is wrong. */
export const unprocessable = (what: string, causes: readonly StatusCause[]): StatusError =>
  failure(
    422,
    "Invalid",
    `${what} is invalid: ${causes.map((c) => `${c.field}: ${c.message}`).join(", ")}`,
    {
      causes,
    },
  );

/** Is it one of these refusals? For callers that expect them, e.g. `isReason(err, "NotFound")`. */
export const isReason = (error: unknown, ...reasons: readonly string[]): error is StatusError =>
  error instanceof StatusError && reasons.includes(error.reason);
