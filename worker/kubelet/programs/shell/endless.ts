/** Scripts of which the text alone says that they never end: nobody needs to run them ahead to find out. */
import { tools } from "./network/registry.ts";
import type { Node, Script, Simple, Word } from "./syntax.ts";
import { bareText } from "./words.ts";

/** What may end a loop or a shell, or whose outcome is not in the text. */
const open: ReadonlySet<string> = new Set(
  "break exit return exec kill eval . source set trap read wait command timeout xargs".split(" "),
);
const holds: ReadonlySet<string> = new Set(["true", ":", "sleep"]);

/** Does it come to `while true` for certain, and never leave it? `serves`: names of the image's own program. */
export function isEndless(script: Script, serves: (name: string) => boolean): boolean {
  const last = script.at(-1);
  if (last === undefined || last.on !== "always" || last.isBackground === true) return false;
  const { node } = last;
  if (node.kind !== "while" || node.until || node.redirections.length > 0) return false;
  const [test] = node.test;
  if (node.test.length !== 1 || test?.node.kind !== "simple") return false;
  const [command] = test.node.words;
  if (command === undefined || !holds.has(bareText(command) ?? "")) return false;
  return script.every((step) => isClosed(step.node, serves));
}

type Serves = (name: string) => boolean;
const allClosed = (script: Script, serves: Serves): boolean =>
  script.every(({ node }) => isClosed(node, serves));

function isClosed(node: Node, serves: Serves): boolean {
  switch (node.kind) {
    case "simple":
      return isSimpleClosed(node, serves);
    case "pipe":
      return node.stages.every((stage) => isClosed(stage, serves));
    case "not":
      return isClosed(node.node, serves);
    case "function":
      return isClosed(node.body, serves);
    case "if":
      return [node.test, node.then, node.otherwise].every((part) => allClosed(part, serves));
    case "while":
      return allClosed(node.test, serves) && allClosed(node.body, serves);
    case "case":
      return (
        isWordClosed(node.word, serves) && node.clauses.every(({ body }) => allClosed(body, serves))
      );
    default:
      return allClosed(node.body, serves);
  }
}

function isSimpleClosed({ words, assignments }: Simple, serves: Serves): boolean {
  const [first] = words;
  if (first !== undefined) {
    const name = bareText(first);
    const base = name?.slice(name.lastIndexOf("/") + 1) ?? "";
    const isOpen = name === undefined || open.has(base) || Object.hasOwn(tools, base);
    if (isOpen || serves(base) || /^(ba|a)?sh$/.test(base)) return false;
  }
  return (
    words.every((word) => isWordClosed(word, serves)) &&
    assignments.every(({ value }) => isWordClosed(value, serves))
  );
}

/** `${x:?}` and sums may end a shell. */
const isWordClosed = ({ parts }: Word, serves: Serves): boolean =>
  parts.every((part) =>
    "script" in part
      ? allClosed(part.script, serves)
      : "parameter" in part
        ? part.parameter.operator === undefined
        : "text" in part || !part.sum.parts.some((one) => "text" in one && /[/%]/.test(one.text)),
  );
