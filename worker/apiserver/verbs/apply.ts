/**
 * PATCH application/apply-patch+yaml: server-side apply; creates what is not there.
 * Upstream: apiserver/pkg/endpoints/handlers/patch.go applyPatcher; managedfields/internal/conflict.go.
 * Differs: a configuration that does not fit its type is 400, not 500, because it is the caller's mistake.
 */
import { printedPath } from "#apimachinery/fieldpath/element.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest, conflict, StatusError } from "#apimachinery/status.ts";
import type { TypeDescription } from "#apimachinery/typed/description.ts";
import { problemText, typeProblems } from "#apimachinery/typed/validate.ts";
import { isObject, type Json } from "#apimachinery/typed/value.ts";
import type { Answer } from "#apiserver/answer.ts";
import { denied } from "#apiserver/authorization/denied.ts";
import { decodeAs, defaulted, unhandled } from "#apiserver/gates/decode.ts";
import { type Applied, ApplyConflicts, type Conflict } from "#apiserver/ownership/apply.ts";
import { withLastApplied } from "#apiserver/ownership/last-applied.ts";
import { fromHeld, toHeld } from "#apiserver/held.ts";
import { managerOf } from "#apiserver/ownership/manager.ts";
import type { Owners, Writer } from "#apiserver/ownership/owner.ts";
import { versionsOf } from "#apiserver/ownership/versions.ts";
import type { Call } from "#apiserver/server.ts";
import type { Entry } from "#store/entry.ts";
import { createObject } from "./create.ts";
import { checkNamed } from "./named.ts";
import { held, replace, scopeOf } from "./update.ts";

export function apply(call: Call, body: unknown): Answer {
  const config = configOf(call, body);
  const previous = held(call);
  const { object, owners } = applied(call, config, previous);
  if (previous === undefined) return created(call, object, owners);
  return replace(call, object, previous, { scope: scopeOf(call), owners });
}

/** The live object, as the gates hold it, after a configuration; the same reference when it is the same. */
export function applied(
  call: Call,
  config: Json,
  previous: Pick<Entry, "value" | "ownership"> | undefined,
): { readonly object: KubeObject; readonly owners: Owners } {
  const { request, server } = call;
  const live = previous?.value as KubeObject | undefined;
  const { object: result, owners } = settled(() =>
    server.fields.afterApply(call, previous, config),
  );
  const shown = live === undefined ? undefined : fromHeld(call.resource, live);
  const object = live !== undefined && result === shown ? live : complete(call, result);
  if (live !== undefined) checkNamed(call, object);
  return { object: withLastApplied(object, config, managerOf(request)), owners };
}

/** Conflicts as the 409 they are. */
export function settled(attempt: () => Applied): Applied {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof ApplyConflicts) throw conflictStatus(error.conflicts);
    throw error;
  }
}

/** What a configuration must be of. */
export interface ConfigKind {
  readonly apiVersion: string;
  readonly kindName: string;
  readonly type: TypeDescription | undefined;
}

const kindOf = (call: Call): ConfigKind => ({
  apiVersion: call.resource.apiVersion,
  kindName: call.resource.kindName,
  type: versionsOf(call)(call.resource.apiVersion)?.type,
});

/** The body as a configuration of a kind, the request's own when none is given. Throws 400. */
export function configOf(call: Call, body: unknown, of: ConfigKind = kindOf(call)): Json {
  const { request, passage } = call;
  if (!isObject(body))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(body) ? "array" : typeof body} into Go value of type map[string]interface {}`,
    );
  const { apiVersion = "", kind = "", metadata } = body;
  if (apiVersion !== of.apiVersion || kind !== of.kindName)
    throw badRequest(`invalid object type: ${gvkText(String(apiVersion), String(kind))}`);
  if (isObject(metadata) && metadata["managedFields"] !== undefined)
    throw badRequest("metadata.managedFields must be nil");
  const problems = of.type === undefined ? [] : typeProblems(body, of.type);
  if (problems.length > 0) {
    const { namespace = "", name = "" } = isObject(metadata) ? metadata : {};
    const which = `${String(namespace)}/${String(name)}; ${gvkText(apiVersion, kind)}`;
    throw badRequest(`failed to create typed patch object (${which}): ${problemText(problems)}`);
  }
  const { options } = request;
  const findings = (request.findings ?? []).map(({ text }) => text);
  const { fieldValidation = "Warn" } = options;
  if (findings.length > 0 && fieldValidation === "Strict")
    throw badRequest(`error strict decoding YAML: ${findings.join(", ")}`);
  if (fieldValidation === "Warn") passage.warnings.push(...findings);
  return body;
}

/** `apps/v1, Kind=Deployment`, as Go prints a GroupVersionKind. */
const gvkText = (apiVersion: string, kind: string): string =>
  `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;

/** What was merged, decoded, as the gates hold it, with defaults. */
function complete(call: Call, merged: unknown): KubeObject {
  const { resource } = call;
  const { value, error } = decodeAs(resource, merged);
  if (error !== undefined) throw badRequest(unhandled(resource, error));
  const { metadata = {}, kind: _kind, apiVersion: _version, ...rest } = value;
  const { kindName: kind, apiVersion } = resource;
  const object = { kind, apiVersion, metadata, ...rest } as unknown as KubeObject;
  return defaulted(call, toHeld(resource, object));
}

/** 201. The applier must be allowed to create, too. */
function created(call: Call, object: KubeObject, owners: Owners): Answer {
  const { request, resource, user, world } = call;
  const { info } = request;
  const { uid, resourceVersion: _version, name, ...metadata } = object.metadata;
  if (uid)
    throw conflict(
      resource.groupResource,
      info.name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  if (!name)
    throw badRequest(
      `the name of the object (${info.name} based on URL) was undeterminable: name must be provided`,
    );
  checkNamed(call, object);
  const creation = { ...info, verb: "create" };
  const { allowed, reason } = world.authorizer.authorize(user, creation);
  if (!allowed) throw denied(user, creation, reason);
  return createObject(call, { ...object, metadata: { name, ...metadata } }, owners);
}

/** 409 with a cause for each field. Upstream: NewConflictError. */
function conflictStatus(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${printed(owner)}`,
    field: printedPath(path),
  }));
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: messageOf(conflicts),
    reason: "Conflict",
    details: { causes },
    code: 409,
  });
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${printed(first.owner)}: ${printedPath(first.path)}`;
  const byOwner = new Map<string, string[]>();
  for (const { owner, path } of conflicts) {
    const line = `- ${printedPath(path)}`;
    const who = printed(owner);
    byOwner.set(who, [...(byOwner.get(who) ?? []), line]);
  }
  const lines = [...byOwner.keys()]
    .sort()
    .flatMap((who) => [`conflicts with ${who}:`, ...(byOwner.get(who) ?? [])]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

/** `"kubectl" with subresource "scale" using apps/v1`. */
function printed({ manager, operation, apiVersion, subresource }: Writer): string {
  const where = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  const version = operation === "Update" ? ` using ${apiVersion}` : "";
  return `${JSON.stringify(manager)}${where}${version}`;
}
