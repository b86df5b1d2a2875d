/** Options that are single letters, and what is none. */

/** `-f 1,3-`, `-d :`: values glued to their letters or not. */
export function valuesOf(args: readonly string[], letters: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [i, arg] of args.entries()) {
    const letter = /^-([A-Za-z])/.exec(arg)?.[1];
    if (letter === undefined || !letters.includes(letter)) continue;
    values.set(letter, arg.length > 2 ? arg.slice(2) : (args[i + 1] ?? ""));
  }
  return values;
}
export const operandsOf = (args: readonly string[], letters: string): readonly string[] =>
  args.filter((arg, i) => {
    const before = args[i - 1] ?? "";
    const isValue = /^-[A-Za-z]$/.test(before) && letters.includes(before[1] ?? "");
    return !isValue && (arg === "-" || !arg.startsWith("-"));
  });
