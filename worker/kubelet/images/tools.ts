/** Commands that not every image has, by what brings them: those that use the network, and bash. */
import type { Image } from "./image.ts";

export const busyboxTools: readonly string[] = ["wget", "nslookup", "nc", "ping"];

const none: readonly string[] = [];

/**
 * Those of an image; undefined: nobody knows, so all. Alpine is built on busybox, and what is has no bash.
 * `name`: with its tag.
 */
export function toolsOf(
  { tools = none, tags }: Pick<Image, "tools" | "tags">,
  name: string,
): readonly string[] | undefined {
  if (tools === none && tags === undefined) return undefined;
  if (name.includes("alpine", name.lastIndexOf(":") + 1)) return [...tools, ...busyboxTools];
  return busyboxTools.every((tool) => tools.includes(tool)) ? tools : [...tools, "bash"];
}
