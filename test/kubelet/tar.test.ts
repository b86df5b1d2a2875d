/** Archives as `kubectl cp` sends and reads them. */
import { expect, test } from "vitest";
import { archive, entriesOf } from "#kubelet/tar.ts";

test("an archive comes back, with names of any length", () => {
  const entries = [
    { name: "folder/", isDirectory: true, content: new Uint8Array() },
    {
      name: `folder/${"long-".repeat(40)}name`,
      isDirectory: false,
      content: Uint8Array.of(0, 255, 10),
    },
    { name: "empty", isDirectory: false, content: new Uint8Array() },
    { name: "block", isDirectory: false, content: new Uint8Array(512).fill(7) },
  ];
  expect(entriesOf(archive(entries, 0))).toEqual(entries);
});
test("what is no archive, or half of one, is none", () => {
  const whole = archive([{ name: "a", isDirectory: false, content: new Uint8Array(600) }], 0);
  expect(entriesOf(whole.subarray(0, 700))).toBeUndefined();
  expect(entriesOf(new TextEncoder().encode("x".repeat(600)))).toBeUndefined();
});
