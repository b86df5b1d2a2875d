/** A real browser: Chromium from the lock file, or the one that is installed. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import chromiumFile from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";

export async function openBrowser(): Promise<Browser> {
  if (process.platform !== "linux" || process.arch !== "x64")
    return chromium.launch({ channel: "chrome" });
  return chromium.launch({
    executablePath: await chromiumFile.executablePath(),
    // In one process the last page's end would be the browser's.
    args: chromiumFile.args.filter((flag) => flag !== "--single-process"),
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with a page: rule and places. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { run } = (
      globalThis as unknown as {
        axe: {
          run(
            options: object,
          ): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
        };
      }
    ).axe;
    const { violations: all } = await run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return all.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
  });
  return found;
}
