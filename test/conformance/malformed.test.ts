/** Every request of the corpus is refused with a 4xx Status and changes nothing. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Cluster, newCluster } from "#test/support/cluster.ts";
import { corpus, type Malformed } from "./malformed.ts";

describe("malformed requests", () => {
  let cluster: Cluster;
  let revision: number;
  const revisionNow = async (): Promise<number> =>
    Number(
      (
        await cluster.json<{ metadata: { resourceVersion: string } }>(
          "/api/v1/namespaces/default/configmaps?limit=1",
        )
      ).metadata.resourceVersion,
    );
  beforeAll(async () => {
    cluster = await newCluster({ workers: 1, clock: "paused" });
    await cluster.kubectl("create", "configmap", "victim", "--from-literal=a=b");
    await cluster.kubectl("run", "victim", "--image=nginx");
    revision = await revisionNow();
  });

  const send = async ({
    method,
    path,
    body,
    headers = {},
  }: Malformed): Promise<{ readonly code: number; readonly text: string }> => {
    const answer = await fetch(`${cluster.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { code: answer.status, text: await answer.text() };
  };

  test("there are more than 300", () => {
    expect(corpus.length).toBeGreaterThan(300);
  });
  test.each(corpus.map((one, n) => [n, one.what, one] as const))("%i %s", async (_, __, one) => {
    const { code, text } = await send(one);
    expect({ code, text }).toSatisfy(() => code >= 400 && code < 500);
    expect(JSON.parse(text)).toMatchObject({
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      code,
      message: expect.stringMatching(/./) as string,
    });
  });
  test("and nothing has changed", async () => {
    expect(await revisionNow()).toBe(revision);
  });
});
