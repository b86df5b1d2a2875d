import { expect, test } from "vitest";
import { Directory } from "#directory/directory.ts";
import { nodeD1 } from "#test/support/platform/storage.ts";

test("before its tables are there the directory says so, and that it passes", async () => {
  const directory = new Directory(nodeD1([]));
  await expect(directory.ofCollection("c", 0)).rejects.toMatchObject({
    code: 503,
    message: expect.stringContaining("ask again in a second") as string,
  });
});
