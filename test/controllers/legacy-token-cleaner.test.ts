/** What becomes of tokens in Secrets that nobody uses for years. */
import { beforeAll, describe, expect, test } from "vitest";
import type { V1Secret } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { dueMs } from "#controllers/legacy-token-cleaner.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

const dayMs = 24 * 60 * 60_000;
const yearMs = 365 * dayMs;
const minuteMs = 60_000;
const used = "kubernetes.io/legacy-token-last-used";
const invalid = "kubernetes.io/legacy-token-invalid-since";

describe("when there is something to do", () => {
  const born = "2026-01-02T10:00:00Z";
  test.each<[string, string | undefined, Record<string, string>, string | undefined]>([
    ["nobody tells of uses", undefined, {}, undefined],
    ["they are told of since no day", "2026-02-30", {}, undefined],
    ["never used", "2025-01-01", {}, "2027-01-02T10:00:00.001Z"],
    ["not told of for long", "2026-03-01", {}, "2027-03-02T00:00:00.000Z"],
    ["used lately", "2025-01-01", { [used]: "2026-06-01" }, "2027-06-02T00:00:00.000Z"],
    ["used one cannot say when", "2025-01-01", { [used]: "June" }, undefined],
    ["marked", "2025-01-01", { [invalid]: "2027-02-01" }, "2028-02-02T00:00:00.000Z"],
    ["marked badly", "2025-01-01", { [invalid]: "x" }, "2027-01-02T10:00:00.001Z"],
  ])("%s", (_, since, labels, expected) => {
    const metadata = { name: "a", creationTimestamp: born, labels };
    const ms = dueMs({ apiVersion: "v1", kind: "Secret", metadata }, since);
    expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(expected);
  });
});

describe("over the years", () => {
  let cluster: WiredCluster;
  const object = (kind: string, name: string, namespace: string, more: object): KubeObject => ({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace },
    ...more,
  });
  const token = (name: string): KubeObject => {
    const annotations = { "kubernetes.io/service-account.name": "old" };
    return {
      ...object("Secret", name, "default", { type: "kubernetes.io/service-account-token" }),
      metadata: { name, namespace: "default", annotations },
    };
  };
  const today = (): string => new Date(cluster.rooms.clock.nowMs()).toISOString().slice(0, 10);
  const tokens = (): Record<string, string | undefined> =>
    Object.fromEntries(
      cluster
        .objects<V1Secret>("v1/Secret")
        .filter(({ type }) => type === "kubernetes.io/service-account-token")
        .map(({ metadata }) => [metadata.name, metadata.labels?.[invalid]]),
    );
  /** Nobody lives through the years between. */
  const later = async (ms: number): Promise<void> => {
    const { clock } = cluster.rooms;
    clock.advanceTo(clock.nowMs() + ms);
    await cluster.advance(minuteMs);
  };
  beforeAll(async () => {
    cluster = await newWired();
    await cluster.advance(minuteMs);
  });

  test("those that the server made are marked after one, and gone after two", async () => {
    const listed = ["idle", "mounted"].map((name) => ({ name }));
    cluster.create(object("ServiceAccount", "old", "default", { secrets: listed }));
    for (const name of ["idle", "mounted", "own"]) cluster.create(token(name));
    const volumes = [{ name: "t", secret: { secretName: "mounted" } }];
    const containers = [{ name: "a", image: "nginx" }];
    cluster.create(object("Pod", "user", "default", { spec: { containers, volumes } }));
    await later(yearMs);
    expect(tokens()).toEqual({ idle: undefined, mounted: undefined, own: undefined });
    await later(dayMs);
    const marked = { idle: today(), mounted: undefined, own: undefined };
    expect(tokens()).toEqual(marked);
    await later(yearMs - dayMs);
    expect(tokens()).toEqual(marked);
    await later(2 * dayMs);
    expect(tokens()).toEqual({ mounted: undefined, own: undefined });
  });
});
