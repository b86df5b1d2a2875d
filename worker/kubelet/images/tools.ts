/** Commands that use the network, by what brings them. */
import type { Image } from "./image.ts";
import type { Reference } from "./reference.ts";

export const busyboxTools: readonly string[] = ["wget", "nslookup", "nc"];

/** Those of an image; undefined: nobody knows, so all. Alpine is built on busybox. */
export function toolsOf(
  { tools, tags }: Pick<Image, "tools" | "tags">,
  { tag }: Pick<Reference, "tag">,
): readonly string[] | undefined {
  if (tools === undefined && tags === undefined) return undefined;
  return [...(tools ?? []), ...(/alpine/.test(tag) ? busyboxTools : [])];
}
