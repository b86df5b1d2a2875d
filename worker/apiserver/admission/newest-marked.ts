/** Which of several classes is the default: of those that are marked the newest, then by name. */
import type { KubeObject } from "#apimachinery/object.ts";

export function newestMarked<T extends KubeObject>(
  classes: readonly T[],
  marks: readonly string[],
): T | undefined {
  const isMarked = ({ metadata: { annotations } }: T): boolean =>
    marks.some((mark) => annotations?.[mark] === "true");
  const made = ({ metadata }: T): string => metadata.creationTimestamp ?? "";
  const name = ({ metadata }: T): string => metadata.name ?? "";
  return classes
    .filter(isMarked)
    .toSorted((a, b) =>
      made(a) === made(b) ? (name(a) < name(b) ? -1 : 1) : made(a) > made(b) ? -1 : 1,
    )[0];
}
