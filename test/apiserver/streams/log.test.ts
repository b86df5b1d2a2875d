/** GET pods/<name>/log: every parameter, and what is refused. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, newApi } from "#test/support/api.ts";

const pods = "/api/v1/namespaces/default/pods";
let api: Api;
beforeAll(async () => {
  api = await newApi();
  const script = "i=0; while true; do i=$((i+1)); echo line $i; sleep 10; done";
  await api.request("POST", pods, {
    metadata: { name: "web" },
    spec: {
      containers: [
        { name: "a", image: "busybox:1.36", command: ["sh", "-c", script] },
        { name: "b", image: "busybox:1.36", command: ["sh", "-c", "echo ü; sleep 3; exit 1"] },
      ],
    },
  });
  await api.advance("95s");
});
const log = async (query: string): Promise<string> => {
  const { code, body } = await api.request("GET", `${pods}/web/log?${query}`);
  expect(code).toBe(200);
  return body as string;
};

test("the whole, its end, what is newer, and so many bytes", async () => {
  const whole = await log("container=a");
  const lines = whole.trim().split("\n");
  expect(lines.slice(0, 2)).toEqual(["line 1", "line 2"]);
  expect(lines.length).toBeGreaterThan(7);
  expect(await log("container=a&tailLines=2")).toBe(`${lines.slice(-2).join("\n")}\n`);
  expect(await log("container=a&tailLines=0")).toBe("");
  expect(await log("container=a&sinceSeconds=15")).toMatch(/^line \d+\n(line \d+\n)?$/);
  expect(await log("container=a&limitBytes=9")).toBe("line 1\nli");
  expect(await log("container=b&previous=true&limitBytes=1")).toBe("");
  expect(await log("container=b&previous=true&limitBytes=2")).toBe("ü");
});
test("timestamps have nanoseconds, and sinceTime goes by them", async () => {
  const [first = "", second = ""] = (await log("container=a&timestamps=true")).split("\n");
  expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 1$/);
  const [time = ""] = second.split(" ");
  expect(await log(`container=a&sinceTime=${time}&limitBytes=6`)).toBe("line 2");
});
test("following ends when the limit is reached", async () => {
  expect(await log("container=a&follow=true&limitBytes=6")).toBe("line 1");
});

describe("refused", () => {
  test.each<[string, number, string]>([
    ["", 400, "a container name must be specified for pod web, choose one of: [a b]"],
    ["container=x", 400, "container x is not valid for pod web"],
    ["container=a&previous=true", 400, 'previous terminated container "a" in pod "web" not found'],
    ["container=a&tailLines=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      "container=a&sinceTime=x",
      400,
      'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    ],
    [
      "container=a&tailLines=-1&limitBytes=0",
      422,
      'PodLogOptions "web" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: 0: must be greater than 0]',
    ],
    [
      "container=a&sinceSeconds=0",
      422,
      'PodLogOptions "web" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0',
    ],
    [
      "container=a&sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z",
      422,
      'PodLogOptions "web" is invalid: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    [
      "container=a&stream=Stdout",
      422,
      'PodLogOptions "web" is invalid: stream: Forbidden: may not be specified',
    ],
  ])("%s", async (query, code, message) => {
    const answer = await api.request("GET", `${pods}/web/log?${query}`);
    expect([answer.code, answer.body.message]).toEqual([code, message]);
  });
});
