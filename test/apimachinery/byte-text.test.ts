/** Bytes as text and back: nothing is lost, and what is UTF-8 stays readable. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, textOf } from "#apimachinery/byte-text.ts";

test("any bytes come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(bytesOf(textOf(bytes))).toEqual(bytes);
    }),
  );
});
test("any text is its own UTF-8, also between other bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(textOf(bytes)).toBe(text);
      expect(textOf(Uint8Array.of(0xff, ...bytes, 0x80))).toBe(`\uDCFF${text}\uDC80`);
    }),
  );
});
test.each<[string, readonly number[], string]>([
  ["a surrogate in UTF-8 is none", [0xed, 0xa0, 0x80], "\uDCED\uDCA0\uDC80"],
  ["too long a form is none", [0xc0, 0xaf], "\uDCC0\uDCAF"],
  ["a sequence cut off", [0xe2, 0x82], "\uDCE2\uDC82"],
])("%s", (_, bytes, text) => {
  expect(textOf(Uint8Array.from(bytes))).toBe(text);
});
