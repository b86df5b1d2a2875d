/** The limits of the API, with small numbers: what is refused, how, and what a client does next. */
import { describe, expect, test } from "vitest";
import { type Limits, RequestRates, unlimited } from "#apiserver/limits.ts";
import { newApi } from "#test/support/api.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const tooMany = "the server has received too many requests and has asked us to try again later";

describe("rates", () => {
  /** Requests that pass, of `tries`, all at one moment. */
  const passing = (rates: RequestRates, credential: string, tries: number): number => {
    let passed = 0;
    for (let n = 0; n < tries; n += 1) {
      try {
        rates.takeFromCluster();
        rates.takeFrom(credential);
        passed += 1;
      } catch {
        // Refused; counted by its absence.
      }
    }
    return passed;
  };
  test.each<[string, Partial<Limits>, readonly number[]]>([
    ["without limits all pass", {}, [50, 50, 50]],
    [
      "a credential has two seconds' worth, then one each second",
      { credentialRequestsPerSecond: 5 },
      [10, 5, 10],
    ],
    ["the cluster counts all", { clusterRequestsPerSecond: 3 }, [6, 3, 0]],
  ])("%s", (_, limits, [first, later, other]) => {
    let nowMs = 1_000;
    const rates = new RequestRates({ ...unlimited, ...limits }, () => nowMs);
    expect(passing(rates, "a", 50)).toBe(first);
    nowMs += 1_000;
    expect(passing(rates, "a", 50)).toBe(later);
    expect(passing(rates, "b", 50)).toBe(other);
  });
});

test("a client that asks too often is told when to come back", async () => {
  const api = await newApi({}, { CREDENTIAL_REQUESTS_PER_SECOND: "3" });
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.request("GET", maps)));
  const refused = answers.filter(({ code }) => code !== 200);
  expect(refused.length).toBeGreaterThan(0);
  for (const { code, body, headers } of refused) {
    expect([code, headers.get("retry-after")]).toEqual([429, "1"]);
    expect(body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: tooMany,
      reason: "TooManyRequests",
      details: { retryAfterSeconds: 1 },
      code: 429,
    });
  }
});

test("watches: so many a user, and a place is free again when one ends", async () => {
  const api = await newApi({}, { USER_WATCHES: "2", CLUSTER_WATCHES: "3" });
  const watch = () => api.fetch("GET", `${maps}?watch=1`);
  const open = [await watch(), await watch()];
  expect(open.map(({ status }) => status)).toEqual([200, 200]);
  const third = await watch();
  expect([third.status, ((await third.json()) as { message: string }).message]).toEqual([
    429,
    tooMany,
  ]);
  await open[0]?.body?.cancel();
  const again = await watch();
  expect(again.status).toBe(200);
  await Promise.all([open[1]?.body?.cancel(), again.body?.cancel()]);
});

test("a body and a list that are too big", async () => {
  const api = await newApi({}, { REQUEST_BYTES: "2000", LIST_BYTES: "30000" });
  const map = (name: string, size: number) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data: { text: "x".repeat(size) },
  });
  const big = await api.request("POST", maps, map("big", 3000));
  expect([big.code, big.body.reason, big.body.message]).toEqual([
    413,
    "RequestEntityTooLarge",
    "Request entity too large: limit is 2000",
  ]);
  for (let n = 0; n < 20; n += 1) {
    const { code } = await api.request("POST", maps, map(`map-${n}`, 1500));
    expect(code).toBe(201);
  }
  const all = await api.request("GET", maps);
  expect([all.code, all.body.message]).toEqual([
    413,
    expect.stringMatching(
      /^Request entity too large: the list has \d+ bytes, limit is 30000; ask for pages: limit=500$/,
    ),
  ]);
  expect((await api.request("GET", `${maps}?limit=10`)).code).toBe(200);
});
