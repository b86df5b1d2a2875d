/** What the cluster tells of itself to whoever judges a lesson. The judge is `learn/`, outside. */
import type { Registry } from "#apiserver/registry.ts";
import type { LessonKept, LessonMaterial } from "#apiserver/rpc.ts";
import type { Host } from "#cluster/host/host.ts";
import type { TraceFeed } from "#cluster/trace/feed.ts";
import type { Log } from "./wiring.ts";

interface LessonStart {
  readonly lesson: string;
  /** The revision at which the learner took over. */
  readonly revision: number;
  /** The last event of the trace until then. */
  readonly last: string;
}

export interface LessonWorld {
  readonly host: Host;
  readonly feed: TraceFeed;
  readonly log: Log;
  readonly registry: Registry;
  readonly collection: string;
}

export function startLesson(host: Host, feed: TraceFeed, lesson: string, revision: number): void {
  const last = feed.query({ since: `${revision}.0` }).at(-1)?.id ?? `${revision}.0`;
  host.lessonPut("start", { lesson, revision, last } satisfies LessonStart);
}

const nothing: LessonKept = { latched: {}, answers: {}, judged: 0 };

export function lessonMaterial(
  { host, feed, log, registry, collection }: LessonWorld,
  resources: readonly string[],
): LessonMaterial {
  const {
    lesson,
    revision: start,
    last,
  } = host.lessonGet<LessonStart>("start") ?? { lesson: "", revision: 0, last: "0.0" };
  const kept = host.lessonGet<LessonKept>("kept") ?? { ...nothing, judged: start };
  const from = Math.max(kept.judged, start, log.compacted);
  // The first of a name is meant: metrics.k8s.io has nodes and pods, too.
  const named = resources.flatMap(
    (name) => registry.all.find(({ plural, face }) => plural === name && face === undefined) ?? [],
  );
  const objects = Object.fromEntries(
    named.map(({ plural, directory }) => [plural, log.listAt(directory, from)]),
  );
  const changes = named.flatMap((resource) => {
    const { directory, plural } = resource;
    return log.changes(from, directory).map(({ revision, deleted, object }) => {
      const { name = "", namespace } = object.metadata;
      return {
        rev: revision,
        resource: plural,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        object: deleted ? null : object,
      };
    });
  });
  const ordered = changes.toSorted((a, b) => a.rev - b.rev);
  const trace = feed.query({ since: last });
  return {
    ...kept,
    lesson,
    collection,
    revision: log.revision,
    objects: JSON.stringify(objects),
    changes: JSON.stringify(ordered),
    trace: JSON.stringify(trace),
  };
}

export const keepLesson = (host: Host, kept: LessonKept): void => host.lessonPut("kept", kept);
