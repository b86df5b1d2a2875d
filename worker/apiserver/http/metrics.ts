/** GET /metrics: what this API server can tell of itself, in Prometheus' text form with upstream's names. */
import type { NonResource } from "./non-resource.ts";

export const metrics: NonResource = (_, path, { api, watches }) => {
  if (path !== "/metrics") return undefined;
  const { store } = api.world;
  const { revision, compacted, keys, rowsWritten, statements, bytes } = store.stats();
  const lines = [
    gauge("apiserver_registered_watchers", "Number of currently registered watchers", watches.size),
    ...objects(
      api.registry.all.map(({ plural, group, directory, face }) => ({
        name: group === "" ? plural : `${plural}.${group}`,
        count: face === undefined ? store.count(directory) : 0,
      })),
    ),
    gauge("etcd_debugging_mvcc_current_revision", "The current revision of store", revision),
    gauge(
      "etcd_debugging_mvcc_compact_revision",
      "The revision of the last compaction in store",
      compacted,
    ),
    gauge("etcd_debugging_mvcc_keys_total", "Total number of keys", keys),
    gauge(
      "etcd_mvcc_db_total_size_in_bytes",
      "Total size of the underlying database in bytes",
      bytes,
    ),
    counter(
      "kubestep_sqlite_rows_written_total",
      "Rows written since this instance woke",
      rowsWritten,
    ),
    counter(
      "kubestep_sqlite_statements_total",
      "SQL statements since this instance woke",
      statements,
    ),
  ];
  return new Response(`${lines.join("\n")}\n`, {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
  });
};

const metric =
  (type: string) =>
  (name: string, help: string, value: number): string =>
    `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}`;
const gauge = metric("gauge");
const counter = metric("counter");

const objects = (
  counts: readonly { readonly name: string; readonly count: number }[],
): string[] => {
  const name = "apiserver_storage_objects";
  return [
    `# HELP ${name} Number of stored objects at the time of last check split by kind`,
    `# TYPE ${name} gauge`,
    ...counts
      .filter(({ count }) => count > 0)
      .map(({ name: resource, count }) => `${name}{resource="${resource}"} ${count}`),
  ];
};
