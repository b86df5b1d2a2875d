/** What a terminal shows of the typing, and which lines reach the process. */
import { expect, test } from "vitest";
import { Input } from "#kubelet/programs/shell/input.ts";
import { Terminal } from "#kubelet/server/terminal.ts";

test.each<
  [string, string, { readonly shown: string; readonly text?: string; readonly line?: string }]
>([
  ["letters are shown and wait for Enter", "ls", { shown: "ls", line: "ls" }],
  ["Enter sends the line", "ls\r", { shown: "ls\r\n", text: "ls\n" }],
  ["backspace takes one back", "lx\u007Fs\r", { shown: "lx\b \bs\r\n", text: "ls\n" }],
  ["backspace at the start does nothing", "\u007F\u007F", { shown: "" }],
  ["Ctrl-U takes the line back", "abc\u0015d", { shown: "abc\b \b\b \b\b \bd", line: "d" }],
  ["Ctrl-W takes a word back", "a bc \u0017", { shown: "a bc \b \b\b \b\b \b", line: "a " }],
  ["Ctrl-C drops the line", "abc\u0003", { shown: "abc^C\r\n" }],
  ["Ctrl-D sends what there is", "ab\u0004", { shown: "ab", text: "ab" }],
  ["arrows to the sides are no letters", "a\u001B[Db", { shown: "ab", line: "ab" }],
  [
    "an arrow up brings the last line",
    "one\r\u001B[A",
    { shown: "one\r\none", text: "one\n", line: "one" },
  ],
  ["characters of several bytes count as one", "ü\u007F", { shown: "ü\b \b" }],
])("%s", (_, typed, { shown, text = "", line = "" }) => {
  const input = new Input(true);
  let screen = "";
  const terminal = new Terminal(input, (part) => {
    screen += part;
  });
  terminal.type(new TextEncoder().encode(typed));
  expect({ shown: screen, text: input.text, line: terminal.line }).toEqual({ shown, text, line });
});

test("Ctrl-C interrupts, Ctrl-D on an empty line ends the input", () => {
  const input = new Input(true);
  const terminal = new Terminal(input, () => undefined);
  terminal.type(Uint8Array.of(3));
  expect([input.interrupted, input.isOver]).toEqual([true, false]);
  terminal.type(Uint8Array.of(4));
  expect([input.ended, input.closed]).toEqual([true, false]);
});
