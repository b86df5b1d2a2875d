/** The pages in a real browser: the first lesson from start to done, by mouse and by keyboard, small and dark. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openBrowser, violations } from "#test/support/browser.ts";
import { eventually, newCluster } from "#test/support/cluster.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A page that fails the test on any error of its own. */
async function opened(
  url: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => {
    // kubectl asks for what it may have to make: a 404 of the API is an answer.
    if (message.type() === "error" && !message.location().url.includes("/apis/"))
      errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}

const sideways = (page: Page): Promise<number> =>
  page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );

test("lesson 1 from the start page to done", async () => {
  const { page, errors } = await opened(inject("host"));
  await page.getByRole("link", { name: "Start with lesson 1" }).click();
  await page.waitForURL(/\/clusters\/.*\/-\/page$/);
  await page
    .getByRole("heading", { name: "A production is a collection of clusters", level: 2 })
    .waitFor();
  const task = (id: string): ReturnType<Page["locator"]> => page.locator(`#task-${id}`);
  await task("nodes").getByRole("button", { name: "Run" }).click();
  await page.locator("#task-nodes.done").waitFor();
  expect(await page.locator(".log").innerText()).toContain("control-plane-1");
  await page.getByRole("radio", { name: "0" }).check({ force: true });
  await task("taint").getByRole("textbox").fill("node-role.kubernetes.io/control-plane");
  await task("taint")
    .getByRole("button", { name: /answer/i })
    .click();
  await page.getByText("A taint is a key and an effect").first().waitFor();
  await task("taint").getByRole("textbox").fill("node-role.kubernetes.io/control-plane:NoSchedule");
  await task("taint")
    .getByRole("button", { name: /answer/i })
    .click();
  await page.locator("#task-taint.done").waitFor();
  await task("ha").getByRole("button", { name: "Run" }).click();
  await page.locator("#task-ha.done").waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

test("a rollout is walked step by step with the keyboard alone", async () => {
  const cluster = await newCluster({ clock: "paused", workers: 3 });
  const { page, errors } = await opened(`${cluster.url}/-/page`);
  const said = page.locator(".narr .say");
  const where = page.locator(".ctl .st");
  await page.locator(".pic").first().waitFor();
  const terminal = page.locator("#p-shell textarea");
  await terminal.fill("kubectl apply -f k8s-deployment.yml");
  await terminal.press("Enter");
  await page.getByText("deployment.apps/web created").first().waitFor();
  await terminal.press("Escape");
  // How many steps there are changes before the page goes on to the next of them.
  const at = async (): Promise<number> =>
    Number(/Step (\d+) of/.exec(await where.innerText())?.[1] ?? 0);
  const heard = new Set<string>();
  for (let n = 0; n < 60 && ![...heard].some((one) => one.includes("asks to bind")); n += 1) {
    const before = await at();
    await page.keyboard.press("ArrowRight");
    await eventually("one step further", async () => (await at()) > before);
    heard.add(await said.innerText());
  }
  const story = [...heard].join("\n");
  expect(story).toMatch(/Deployment web/);
  expect(story).toMatch(/ReplicaSet/);
  expect(story).toMatch(/The scheduler drops 1 node/);
  expect(story).toMatch(/The scheduler asks to bind \w+ to worker-\d/);
  expect(errors).toEqual([]);
  await page.close();
});

test.each([
  { name: "wide and light", width: 1440, height: 900, colorScheme: "light" as const },
  { name: "wide and dark", width: 1440, height: 900, colorScheme: "dark" as const },
  { name: "a phone", width: 360, height: 740, colorScheme: "light" as const },
])(
  "no accessibility finding, no sideways scroll: $name",
  async ({ width, height, colorScheme }) => {
    const cluster = await newCluster({ lesson: "1" });
    for (const url of [inject("host"), `${cluster.url}/-/page`]) {
      const { page, errors } = await opened(url, {
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
      });
      await page.locator("svg").first().waitFor({ state: "attached" });
      expect(await violations(page), url).toEqual([]);
      expect(await sideways(page), url).toBe(0);
      expect(errors).toEqual([]);
      await page.close();
    }
  },
);

test("the page of a cluster that is gone says so", async () => {
  const cluster = await newCluster();
  await fetch(`${cluster.url}/-/`, { method: "DELETE" });
  const page = await browser.newPage();
  await page.goto(`${cluster.url}/-/page`);
  await page.getByText("This cluster has ended").first().waitFor();
  await page.close();
});
