/**
 * The whole life of an object of every kind, over the wire: what upstream's conformance list calls "should
 * support … API operations" and "should run through the lifecycle of …", one kind after the other.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { resources } from "#apimachinery/api/schema.ts";
import { sampleOf } from "#test/apiserver/samples.ts";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";
import { wire, type Wire } from "#test/support/wire.ts";

interface Written {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

const kinds = resources
  .filter(({ verbs }) => ["create", "get", "watch"].every((verb) => verbs.includes(verb)))
  .map(({ group, version, kind, plural, ...facts }) => {
    const apiVersion = group === "" ? version : `${group}/${version}`;
    const prefix = group === "" ? `/api/${version}` : `/apis/${apiVersion}`;
    return { gvk: `${apiVersion}/${kind}`, prefix, plural, ...facts };
  });

describe("lifecycle", () => {
  let cluster: Cluster;
  let w: Wire;
  beforeAll(async () => {
    // Nothing but what is asked for happens to the objects.
    cluster = await newCluster({ workers: 0, clock: "paused" });
    w = wire(cluster);
  });

  test.each([...kinds])(
    "every operation of $gvk",
    async ({ gvk, prefix, plural, namespaced, verbs, subresources }) => {
      const here = `${prefix}${namespaced ? "/namespaces/default" : ""}/${plural}`;
      const sample = sampleOf(gvk, namespaced) as unknown as Written;
      const { name } = sample.metadata;
      const labelled = { ...sample, metadata: { ...sample.metadata, labels: { life: "one" } } };
      const called = async (
        code: number,
        call: Promise<{ code: number; body: unknown }>,
      ): Promise<Written> => {
        const answer = await call;
        expect(answer).toMatchObject({ code });
        return answer.body as Written;
      };
      const listed = async (path: string): Promise<readonly string[]> => {
        const { items } = (await called(200, w.get(path))) as unknown as {
          items: readonly Written[];
        };
        return items.map(({ metadata }) => metadata.name);
      };

      const made = await called(201, w.post(here, labelled));
      const { resourceVersion } = made.metadata;
      const watching = w.watch(
        `${here}?watch=1&resourceVersion=${resourceVersion}&labelSelector=life`,
      );
      const read = await called(200, w.get(`${here}/${name}`));
      expect(read).toEqual(made);
      expect(await listed(`${here}?labelSelector=life=one`)).toEqual([name]);
      expect(await listed(`${prefix}/${plural}?labelSelector=life=one`)).toEqual([name]);
      expect(await listed(`${here}?labelSelector=life=other`)).toEqual([]);

      const patched = await called(
        200,
        w.patch(`${here}/${name}`, { metadata: { labels: { life: "two" } } }),
      );
      expect(patched.metadata.labels).toMatchObject({ life: "two" });
      const metadata = {
        ...patched.metadata,
        annotations: { ...patched.metadata.annotations, seen: "yes" },
      };
      const updated = await called(200, w.put(`${here}/${name}`, { ...patched, metadata }));
      expect(updated.metadata.annotations).toMatchObject({ seen: "yes" });
      expect(await called(409, w.put(`${here}/${name}`, { ...patched, metadata }))).toMatchObject({
        reason: "Conflict",
      });

      if (subresources?.["status"] !== undefined) {
        const status = await called(200, w.get(`${here}/${name}/status`));
        expect(status).toMatchObject({ metadata: { name } });
        await called(
          200,
          w.patch(`${here}/${name}/status`, { metadata: { annotations: { told: "yes" } } }),
        );
        const again = await called(200, w.get(`${here}/${name}/status`));
        await called(200, w.put(`${here}/${name}/status`, again));
      }

      if (verbs.includes("deletecollection")) {
        await called(200, w.delete(`${here}?labelSelector=life=other`));
        expect(await listed(`${here}?labelSelector=life`)).toEqual([name]);
        await called(200, w.delete(`${here}?labelSelector=life=two`));
      } else await w.delete(`${here}/${name}`);
      if (subresources?.["finalize"] !== undefined) {
        const ending = await called(200, w.get(`${here}/${name}`));
        await called(200, w.put(`${here}/${name}/finalize`, { ...ending, spec: {} }));
      }
      // A finalizer of the kind's own holds it while nobody moves.
      await w.patch(`${here}/${name}`, { metadata: { finalizers: null } });
      if ((await w.get(`${here}/${name}`)).code === 200)
        await w.delete(`${here}/${name}`, { gracePeriodSeconds: 0 });
      await eventually(
        "the watch has told all",
        async () => watching.seen.at(-1)?.type === "DELETED",
        10_000,
      );
      watching.stop();
      expect(new Set(watching.seen.map(({ type }) => type))).toEqual(
        new Set(["MODIFIED", "DELETED"]),
      );
      expect((await w.get(`${here}/${name}`)).code).toBe(404);
    },
  );
});
