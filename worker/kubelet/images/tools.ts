/** Commands that use the network, by what brings them. */
import type { Image } from "./image.ts";

export const busyboxTools: readonly string[] = ["wget", "nslookup", "nc"];

const none: readonly string[] = [];

/** Those of an image; undefined: nobody knows, so all. Alpine is built on busybox. `name`: with its tag. */
export function toolsOf(
  { tools = none, tags }: Pick<Image, "tools" | "tags">,
  name: string,
): readonly string[] | undefined {
  if (tools === none && tags === undefined) return undefined;
  return name.includes("alpine", name.lastIndexOf(":") + 1) ? [...tools, ...busyboxTools] : tools;
}
