/** Which commands read their input, since nobody waits for what they do not read. */

/** Does it read its input when nothing is piped into it? */
export function readsInput(name: string, args: readonly string[]): boolean {
  const isCounting = name === "head" || name === "tail";
  const isOperand = (arg: string, at: number): boolean =>
    (arg === "-" || !arg.startsWith("-")) && !(isCounting && /^-[nc]$/.test(args[at - 1] ?? ""));
  const operands = args.filter(isOperand).length;
  if (name === "tar") return args.some((arg) => /^-?[a-z]*[xt][a-z]*$/.test(arg));
  if (name === "tr") return true;
  const own = name === "cut" ? cutOperands(args) : name === "awk" ? awkOperands(args) : operands;
  return readers.get(name) === (name === "tee" ? 0 : own);
}
/** Values of options are no operands. */
const without = (args: readonly string[], letters: RegExp): number =>
  args.filter((arg, i) => !arg.startsWith("-") && !letters.test(args[i - 1] ?? "")).length;
const cutOperands = (args: readonly string[]): number => without(args, /^-[fdcb]$/);
const awkOperands = (args: readonly string[]): number => without(args, /^-[Fv]$/);
/** How many operands leave it nothing to read but its input. */
const readers: ReadonlyMap<string, number> = new Map([
  ["cat", 0],
  ["grep", 1],
  ["head", 0],
  ["tail", 0],
  ["wc", 0],
  ["sort", 0],
  ["tee", 0],
  ["cut", 0],
  ["uniq", 0],
  ["sed", 1],
  ["awk", 1],
]);
