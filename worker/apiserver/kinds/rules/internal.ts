/**
 * Values as upstream prints them when they are of an internal type: its fields have no JSON names, so they
 * begin with capitals and are all there.
 */

/** Where Go's name is not the JSON name with a capital. */
const spelled: Readonly<Record<string, string>> = { seLinuxOptions: "SELinuxOptions" };

/** `names`: the type's fields in order; what is missing is null unless `zeros` says otherwise. */
export function asInternal(
  value: object,
  names: readonly string[],
  zeros: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const given = value as Readonly<Record<string, unknown>>;
  const capital = (name: string): string =>
    spelled[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
  return Object.fromEntries(
    names.map((name) => [capital(name), given[name] ?? zeros[name] ?? null]),
  );
}
