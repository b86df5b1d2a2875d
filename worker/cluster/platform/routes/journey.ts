/** GET /-/journey/<resource>[/<namespace>]/<name>: one object's story, from the request that caused it. */
import { journeyText } from "#cluster/trace/journey.ts";
import { notFound } from "#apimachinery/status.ts";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { Route } from "#cluster/platform/platform.ts";
import { objOf } from "#cluster/platform/subject.ts";

export const getJourney: Route = {
  method: "GET",
  path: "/-/journey/*",
  handle(request, { feed }) {
    const { obj, resource, name } = objOf(request, "/-/journey/");
    const events = feed.journey(obj);
    if (events.length === 0) throw notFound({ group: "", resource }, name);
    return formOf(request) === "json" ? json({ obj, events }) : text(journeyText(events, obj));
  },
};
