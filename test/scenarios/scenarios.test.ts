/**
 * Conversations with a cluster, and every word of what they cause. A new one is a file beside this with its
 * commands alone; `-u` writes the answers. A changed answer is committed with its reason.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { spoken } from "./conversation.ts";

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));

test.each(files)("%s", async (name) => {
  const file = join(import.meta.dirname, name);
  await expect(await spoken(readFileSync(file, "utf8"))).toMatchFileSnapshot(file);
});
