/**
 * etcd's own face, read-only, as its JSON gateway has it: base64 keys and values, numbers as text.
 * POST /-/etcd/v3/kv/range, /-/etcd/v3/maintenance/status, /-/etcd/v3/cluster/member/list.
 */
import { base64Of, bytesIn } from "#apimachinery/base64.ts";
import { badRequest } from "#apimachinery/status.ts";
import { fieldsOf } from "#apiserver/front/fields.ts";
import { json } from "#apiserver/front/plain.ts";
import type { Platform, Route } from "#cluster/platform/platform.ts";

const mostKeys = 1_000;

export const etcdRange: Route = {
  method: "POST",
  path: "/-/etcd/v3/kv/range",
  async handle(request, platform) {
    const asked = await fieldsOf(request);
    const key = decoded(asked.key, "key");
    const end = asked.range_end === undefined ? "" : decoded(asked.range_end, "range_end");
    const limit = Math.min(Number(asked.limit ?? 0) || mostKeys, mostKeys);
    const revision = Number(asked.revision ?? 0) || undefined;
    const { rows, count } = platform.etcd.range(key, end, limit, revision);
    const { revision: rev } = platform.etcd;
    const kvs = rows.map((row) => ({
      key: encoded(row.key),
      create_revision: String(row.createRevision),
      mod_revision: String(row.modRevision),
      version: String(row.version),
      ...(asked.keys_only ? {} : { value: encoded(row.value) }),
    }));
    const nowMs = platform.clock.clock.nowMs();
    const note = { rev, cause: 0, atMs: nowMs, actor: "learner", verb: "get", obj: "etcd" };
    platform.feed.note({ ...note, facts: [{ type: "etcd", data: { key, count } }] });
    platform.clock.afterSlice();
    return json({
      header: header(platform),
      ...(kvs.length > 0 ? { kvs } : {}),
      ...(rows.length < count ? { more: true } : {}),
      count: String(count),
    });
  },
};

export const etcdStatus: Route = {
  method: "POST",
  path: "/-/etcd/v3/maintenance/status",
  handle: (_, platform) =>
    json({
      header: header(platform),
      version: "3.6.8",
      leader: memberId(0),
      raftTerm: "2",
      raftIndex: String(platform.etcd.revision),
    }),
};

export const etcdMembers: Route = {
  method: "POST",
  path: "/-/etcd/v3/cluster/member/list",
  handle: (_, platform) =>
    json({
      header: header(platform),
      members: Array.from({ length: platform.options.controlPlane }, (_unused, i) => ({
        ID: memberId(i),
        name: `control-plane-${i + 1}`,
        peerURLs: [`https://172.18.0.${i + 2}:2380`],
        clientURLs: [`https://172.18.0.${i + 2}:2379`],
      })),
    }),
};

const memberId = (i: number): string => String(8_211_568_901_234_567 + i);
const header = ({ etcd }: Platform): Record<string, string> => ({
  cluster_id: "14841639068965178418",
  member_id: memberId(0),
  revision: String(etcd.revision),
  raft_term: "2",
});

const encoded = (value: string): string => base64Of(new TextEncoder().encode(value));

function decoded(value: unknown, field: string): string {
  try {
    if (typeof value === "string" && value !== "") {
      return new TextDecoder().decode(bytesIn(value));
    }
  } catch {
    // Falls through to the refusal that says what is wanted.
  }
  throw badRequest(`${field}: must be base64, e.g. the output of: printf /registry/pods | base64`);
}
