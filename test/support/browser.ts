/** A real browser: Chromium from the lock file, or the one that is installed. */
import chromiumFile from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

export async function openBrowser(): Promise<Browser> {
  if (process.platform !== "linux" || process.arch !== "x64")
    return chromium.launch({ channel: "chrome" });
  return chromium.launch({
    executablePath: await chromiumFile.executablePath(),
    // In one process the last page's end would be the browser's.
    args: chromiumFile.args.filter((flag) => flag !== "--single-process"),
  });
}
