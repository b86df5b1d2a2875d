/**
 * GET /-/audit: the audit log of the cluster's API server, as far as the trace reaches back.
 *
 * Query: `level` (Metadata, Request, RequestResponse), `since` (a trace event's id), `obj`, `user`,
 * `verb`. JSON: an audit.k8s.io/v1 EventList; plain text: one event a line, as the log file has them.
 */
import { badRequest } from "#apimachinery/status.ts";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { Route } from "#cluster/platform/platform.ts";
import { type AuditLevel, auditEvents, auditLevels, auditList } from "#cluster/trace/audit.ts";

export const getAudit: Route = {
  method: "GET",
  path: "/-/audit",
  handle(request, { feed, audit }) {
    const { searchParams } = new URL(request.url);
    const asked = (name: string): string | undefined => searchParams.get(name) ?? undefined;
    const level = (asked("level") ?? "Metadata") as AuditLevel;
    if (!auditLevels.includes(level))
      throw badRequest(`level ${JSON.stringify(level)}: there are ${auditLevels.join(", ")}`);
    const trace = feed.query({ since: asked("since"), obj: asked("obj") });
    const user = asked("user");
    const verb = asked("verb");
    const events = auditEvents(trace, level, audit).filter(
      (event) =>
        (verb === undefined || event["verb"] === verb) &&
        (user === undefined || (event["user"] as { username?: string }).username === user),
    );
    if (formOf(request) === "json") return json(auditList(events));
    return text(events.map((event) => JSON.stringify(event)).join("\n"));
  },
};
