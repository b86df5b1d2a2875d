/** The documents in a real browser: on a phone and on a desk, light and dark, by keyboard; and without a script. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openBrowser, violations } from "#test/support/browser.ts";

let browser: Browser;
let names: readonly string[];
beforeAll(async () => {
  browser = await openBrowser();
  const list = await fetch(`${inject("host")}/docs?o=json`);
  const { documents } = (await list.json()) as { readonly documents: readonly { name: string }[] };
  names = documents.map(({ name }) => name);
});
afterAll(() => browser.close());

const opened = async (
  path: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<Page> => {
  const page = await browser.newPage(options);
  await page.goto(`${inject("host")}${path}`);
  return page;
};

/** What is wrong for those who cannot see it, and a page wider than its window. */
async function flaws(page: Page): Promise<readonly string[]> {
  const width = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  const over = await page.evaluate<number>(width);
  return [...(await violations(page)), ...(over > 0 ? [`${over} px wider than its window`] : [])];
}

describe.each([
  ["a desk, light", { viewport: { width: 1280, height: 900 }, colorScheme: "light" }],
  ["a phone, dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
] as const)("%s", (_, options) => {
  test("no page has a flaw", async () => {
    const page = await opened("/docs", options);
    for (const path of ["/docs", "/docs/nothing", ...names.map((name) => `/docs/${name}`)]) {
      await page.goto(`${inject("host")}${path}`);
      expect(await flaws(page), path).toEqual([]);
    }
    await page.close();
  });
});

test("from the start page to a document by keyboard alone", async () => {
  const page = await opened("/");
  const press = async (name: string): Promise<void> => {
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press("Tab");
      const text = await page.evaluate(
        () =>
          (globalThis as unknown as { document: { activeElement: { textContent: string } } })
            .document.activeElement.textContent,
      );
      if (text.trim() === name) return page.keyboard.press("Enter");
    }
    throw new Error(`Tab never comes to ${name}`);
  };
  await press("Docs");
  await page.waitForURL("**/docs");
  await press("Limits");
  await page.waitForURL("**/docs/limits");
  expect(await page.textContent("h1")).toBe("Limits");
  await page.close();
});

test("a document is whole without a script", async () => {
  const page = await opened("/docs/api", { javaScriptEnabled: false });
  expect(await page.textContent("h1")).toBe("The API of a cluster");
  expect(await page.locator("nav[aria-label=Documents] a[aria-current=page]").textContent()).toBe(
    "The API of a cluster",
  );
  await page.close();
});
