/**
 * The audit log, derived from the trace: what an API server with an audit policy writes about each
 * request. Nothing is recorded for it: a person's request tells its origin in the trace, a component's is
 * known by its name.
 * Upstream: apiserver/pkg/apis/audit/v1 Event, pkg/audit/request.go, pkg/endpoints/filters/audit.go.
 * Differs: addresses of clients are not kept, because a cluster's log may be shared; `requestObject` is the
 * object as it was stored, because what was sent is not kept.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { microTimeText } from "#apimachinery/time.ts";
import type { FactData, RequestOrigin, TraceEvent } from "#apimachinery/trace.ts";
import type { UserInfo } from "#apiserver/request.ts";

export const auditLevels = ["Metadata", "Request", "RequestResponse"] as const;
export type AuditLevel = (typeof auditLevels)[number];

/** Where a request went, by its path. */
export interface AuditTarget {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export interface AuditWorld {
  /** Who a component is, by its name in the trace. */
  userOf(actor: string): UserInfo;
  /** What a path below the cluster's URL asks for; undefined: no resource. */
  targetOf(path: string): AuditTarget | undefined;
  /** Target and path of `pods/default/web/status`, for components; undefined: no resource. */
  targetOfObject(obj: string): { readonly target: AuditTarget; readonly path: string } | undefined;
  /** The object written at a revision. */
  objectAt(revision: number): KubeObject | undefined;
  /** A UUID that is the same each time. */
  uuid(key: string): string;
}

const apiVersion = "audit.k8s.io/v1";
/** Never more than metadata of these: their bodies are secret. */
const secretive: ReadonlySet<string> = new Set([
  "secrets",
  "tokenreviews",
  "serviceaccounts/token",
]);

export interface AuditEventList {
  readonly kind: "EventList";
  readonly apiVersion: string;
  readonly metadata: Record<string, never>;
  readonly items: readonly AuditEvent[];
}
export type AuditEvent = Readonly<Record<string, unknown>>;

export const auditList = (items: readonly AuditEvent[]): AuditEventList => ({
  kind: "EventList",
  apiVersion,
  metadata: {},
  items,
});

type RequestData = Extract<TraceEvent["data"], { contentType: string }>;

/** One audit event for each request in the trace, in order. */
export function auditEvents(
  trace: readonly TraceEvent[],
  level: AuditLevel,
  world: AuditWorld,
): readonly AuditEvent[] {
  const found: AuditEvent[] = [];
  let verdict = granted;
  for (const event of trace) {
    if (event.type === "stage") {
      const { stage, ok, detail } = event.data as FactData["stage"];
      if (stage === "authenticate") verdict = ok ? granted : undefined;
      if (stage === "authorise") verdict = { decision: ok ? "allow" : "forbid", reason: detail };
    } else if (event.type === "request" && event.verb !== "") {
      found.push(auditEvent(event, verdict, { level, world }));
      verdict = granted;
    }
  }
  return found;
}

/** What the authorizers said; undefined: they were not asked, for nobody knew who it was. */
type Verdict = { readonly decision: "allow" | "forbid"; readonly reason: string } | undefined;
const granted: Verdict = { decision: "allow", reason: "" };

interface Asked {
  readonly level: AuditLevel;
  readonly world: AuditWorld;
}
function auditEvent(event: TraceEvent, verdict: Verdict, { level, world }: Asked): AuditEvent {
  const { id, verb, atMs, actor, obj } = event;
  const data = event.data as RequestData;
  const { origin } = data;
  const object = world.targetOfObject(obj);
  // A component names an object, not a path.
  const sent = origin?.path ?? "";
  const asked = sent === "" ? object?.target : world.targetOf(sent);
  const target =
    asked === undefined
      ? undefined
      : {
          ...asked,
          name:
            asked.name || (object?.target.resource === asked.resource ? object.target.name : ""),
        };
  const path = sent || (object?.path ?? obj);
  const time = microTimeText(atMs);
  const at = target !== undefined && isSecretive(target) ? "Metadata" : level;
  return {
    kind: "Event",
    apiVersion,
    level: at,
    auditID: world.uuid(`audit ${id}`),
    stage: verb === "watch" ? "ResponseStarted" : "ResponseComplete",
    requestURI: data.query === "" ? path : `${path}?${data.query}`,
    verb: verb.split(" ")[0],
    ...whoOf(origin, actor, world),
    ...(target === undefined ? {} : { objectRef: referenceOf(target) }),
    responseStatus: statusOf(data),
    ...bodiesOf(at, event, world.objectAt),
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: annotationsOf(event, verdict, at),
  };
}

const patchPrefix = "patch.webhook.admission.k8s.io/";

/** By name, as a map of Go is written. */
function annotationsOf(
  { data, rev, cause }: TraceEvent,
  verdict: Verdict,
  level: AuditLevel,
): Readonly<Record<string, string>> {
  const { origin } = data as RequestData;
  const told: Record<string, string> = { ...origin?.annotations };
  if (verdict !== undefined) {
    told["authorization.k8s.io/decision"] = verdict.decision;
    told["authorization.k8s.io/reason"] = verdict.reason;
  }
  if (rev > 0 && cause > 0) told["kubestep.dev/because-of-revision"] = String(cause);
  const names = Object.keys(told).toSorted();
  // A patch is part of a body.
  const shown = names.filter((name) => level !== "Metadata" || !name.startsWith(patchPrefix));
  return Object.fromEntries(shown.map((name) => [name, told[name] ?? ""]));
}

const isSecretive = ({ resource, subresource }: AuditTarget): boolean =>
  secretive.has(subresource === "" ? resource : `${resource}/${subresource}`);

function whoOf(origin: RequestOrigin | null, actor: string, world: AuditWorld): AuditEvent {
  if (origin === null) return { user: shown(world.userOf(actor)), userAgent: actor };
  const { user, impersonated, constraint, agent } = origin;
  return {
    user: shown(user),
    ...(impersonated === null ? {} : { impersonatedUser: shown(impersonated) }),
    ...(constraint === ""
      ? {}
      : { authenticationMetadata: { impersonationConstraint: constraint } }),
    ...(agent === "" ? {} : { userAgent: agent }),
  };
}

const shown = ({ name, uid, groups, extra }: UserInfo): AuditEvent => ({
  ...(name === "" ? {} : { username: name }),
  ...(uid ? { uid } : {}),
  ...(groups.length === 0 ? {} : { groups }),
  ...(extra === undefined || Object.keys(extra).length === 0 ? {} : { extra }),
});

const referenceOf = ({ group, version, ...rest }: AuditTarget): AuditEvent => {
  const { resource, namespace, name, subresource } = rest;
  return {
    resource,
    ...(namespace === "" ? {} : { namespace }),
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { apiGroup: group }),
    apiVersion: version,
    ...(subresource === "" ? {} : { subresource }),
  };
};

/** Of a refusal, what its Status says. */
function statusOf({ code, message, origin }: RequestData): AuditEvent {
  if (code < 400) return { metadata: {}, code };
  const { reason = "", details = null } = origin?.refusal ?? {};
  return {
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? {} : { reason }),
    ...(details === null ? {} : { details }),
    code,
  };
}

function bodiesOf(
  level: AuditLevel,
  { verb, rev, data }: TraceEvent,
  objectAt: AuditWorld["objectAt"],
): AuditEvent {
  const { dryRun, code } = data as RequestData;
  const [name = ""] = verb.split(" ");
  if (level === "Metadata" || dryRun || code >= 300) return {};
  if (!["create", "update", "patch"].includes(name)) return {};
  const object = objectAt(rev);
  if (object === undefined) return {};
  return {
    ...(name === "patch" ? {} : { requestObject: object }),
    ...(level === "RequestResponse" ? { responseObject: object } : {}),
  };
}
