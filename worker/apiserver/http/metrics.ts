/**
 * GET /metrics: what this API server, its store and the components beside it can tell, in Prometheus' text form
 * with upstream's names. Everything counted starts anew when the instance wakes, as when a process starts.
 * Upstream: component-base/metrics, apiserver/pkg/endpoints/metrics, apiserver/pkg/storage/etcd3/metrics,
 * client-go/util/workqueue/metrics.go, etcd server/storage/mvcc/metrics.go.
 * Differs: the workqueues of the controller manager, the scheduler and the kubelets show here too, because all run in one object.
 */
import { release } from "./version.ts";
import type { NonResource } from "./non-resource.ts";
import type { ServeWorld } from "./serve.ts";

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}
/** One metric with its samples. */
interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: readonly Sample[];
}
type Source = (world: ServeWorld) => Family | readonly Family[];

const one = (value: number): readonly Sample[] => [{ labels: {}, value }];
const text = (of: string): string =>
  of.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

function printed({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([key, of]) => `${key}="${text(String(of))}"`);
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n");
}

/** Verbs as upstream's label has them. */
const verbs: Readonly<Record<string, string>> = {
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  deletecollection: "DELETE",
};

const requests: Source = ({ api }) => ({
  name: "apiserver_request_total",
  type: "counter",
  help: "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
  samples: api.counts.all().map((count) => ({
    labels: {
      code: count.code,
      component: "apiserver",
      dry_run: count.dryRun ? "All" : "",
      group: count.group,
      resource: count.resource,
      scope: count.scope,
      subresource: count.subresource,
      verb: verbs[count.verb] ?? count.verb.toUpperCase(),
      version: count.version,
    },
    value: count.count,
  })),
});

const watchers: Source = ({ watches }) => ({
  name: "apiserver_longrunning_requests",
  type: "gauge",
  help: "[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.",
  samples: watches.open().map(({ group, version, resource, scope, count }) => ({
    labels: {
      component: "apiserver",
      group,
      resource,
      scope,
      subresource: "",
      verb: "WATCH",
      version,
    },
    value: count,
  })),
});

const objects: Source = ({ api }) => {
  const help =
    "Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.";
  const counts = api.registry.all
    .filter(({ face, facts }) => face === undefined && facts.verbs.includes("list"))
    .map(({ plural, group, directory }) => ({
      group,
      resource: plural,
      name: group === "" ? plural : `${plural}.${group}`,
      value: api.world.store.count(directory),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    {
      name: "apiserver_storage_objects",
      type: "gauge",
      help: `[STABLE] (Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] ${help}`,
      samples: counts.map(({ name, value }) => ({ labels: { resource: name }, value })),
    },
    {
      name: "apiserver_resource_objects",
      type: "gauge",
      help: `[ALPHA] ${help}`,
      samples: counts.map(({ group, resource, value }) => ({ labels: { group, resource }, value })),
    },
  ];
};

const store: Source = ({ api }) => {
  const { revision, compacted, keys, rowsWritten, statements, alarms, bytes } =
    api.world.store.stats();
  const gauge = (name: string, help: string, value: number): Family => ({
    name,
    type: "gauge",
    help,
    samples: one(value),
  });
  const counter = (name: string, help: string, value: number): Family => ({
    ...gauge(name, help, value),
    type: "counter",
  });
  const cluster = "etcd-0";
  return [
    {
      name: "apiserver_storage_size_bytes",
      type: "gauge",
      help: "[STABLE] Size of the storage database file physically allocated in bytes.",
      samples: [{ labels: { storage_cluster_id: cluster }, value: bytes }],
    },
    gauge("etcd_debugging_mvcc_current_revision", "The current revision of store.", revision),
    gauge(
      "etcd_debugging_mvcc_compact_revision",
      "The revision of the last compaction in store.",
      compacted,
    ),
    gauge("etcd_debugging_mvcc_keys_total", "Total number of keys.", keys),
    gauge(
      "etcd_mvcc_db_total_size_in_bytes",
      "Total size of the underlying database physically allocated in bytes.",
      bytes,
    ),
    counter(
      "kubestep_sqlite_rows_written_total",
      "Rows written since this instance woke.",
      rowsWritten,
    ),
    counter(
      "kubestep_sqlite_statements_total",
      "SQL statements since this instance woke.",
      statements,
    ),
    counter(
      "kubestep_alarms_set_total",
      "Alarms set since this instance woke; each is billed as a row.",
      alarms,
    ),
  ];
};

const workqueues: Source = ({ queues }) => {
  const of = (
    name: string,
    type: Family["type"],
    help: string,
    value: (queue: ReturnType<ServeWorld["queues"]>[number]) => number,
  ): Family => ({
    name,
    type,
    help,
    samples: queues().map((queue) => ({ labels: { name: queue.name }, value: value(queue) })),
  });
  return [
    of(
      "workqueue_adds_total",
      "counter",
      "[BETA] Total number of adds handled by workqueue",
      ({ adds }) => adds,
    ),
    of("workqueue_depth", "gauge", "[BETA] Current depth of workqueue", ({ depth }) => depth),
    of(
      "workqueue_retries_total",
      "counter",
      "[BETA] Total number of retries handled by workqueue",
      ({ retries }) => retries,
    ),
  ];
};

const build: Source = () => ({
  name: "kubernetes_build_info",
  type: "gauge",
  help: "[BETA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
  samples: [
    {
      labels: {
        build_date: release.buildDate,
        compiler: release.compiler,
        git_commit: release.gitCommit,
        git_tree_state: release.gitTreeState,
        git_version: release.gitVersion,
        go_version: release.goVersion,
        major: release.major,
        minor: release.minor,
        platform: release.platform,
      },
      value: 1,
    },
  ],
});

const sources: readonly Source[] = [requests, watchers, objects, store, workqueues, build];

export const metrics: NonResource = (_, path, world) => {
  if (path !== "/metrics") return undefined;
  const families = sources.flatMap((source) => source(world));
  return new Response(`${families.map(printed).join("\n")}\n`, {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
  });
};
