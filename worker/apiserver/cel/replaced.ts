/**
 * Functions whose meaning in the interpreter's own library is not Kubernetes'. They are registered under
 * another name, and calls are renamed before they are checked.
 */
const replacements: Readonly<Record<string, string>> = {
  // JavaScript's patterns are not RE2's, and may take exponential time.
  matches: "matches_re2",
  // ASCII letters alone.
  lowerAscii: "lower_ascii",
  upperAscii: "upper_ascii",
};
const written = new Map(Object.entries(replacements).map(([name, ours]) => [ours, name]));

export const replacedName = (name: string): string =>
  Object.hasOwn(replacements, name) ? (replacements[name] ?? name) : name;
/** The name a person wrote. */
export const writtenName = (name: string): string => written.get(name) ?? name;
