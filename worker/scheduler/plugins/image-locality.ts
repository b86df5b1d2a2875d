/** Nodes that have the images already are better. Upstream: pkg/scheduler/framework/plugins/imagelocality. */
import type { Plugin } from "#scheduler/plugin.ts";

const mebibyte = 1024 * 1024;
const least = 23 * mebibyte;
const mostPerContainer = 1000 * mebibyte;

/** As nodes name images: with registry, library and tag. */
export function normalizedImage(image: string): string {
  const slash = image.indexOf("/");
  const host = slash < 0 ? "" : image.slice(0, slash);
  const isHost = host.includes(".") || host.includes(":") || host === "localhost";
  const full = isHost ? image : slash < 0 ? `docker.io/library/${image}` : `docker.io/${image}`;
  return full.lastIndexOf(":") <= full.lastIndexOf("/") && !full.includes("@")
    ? `${full}:latest`
    : full;
}

export const imageLocality: Plugin<readonly string[]> = {
  name: "ImageLocality",
  weight: 1,
  requeueOn: [],
  preScore: ({ pod }) => ({
    state: [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(
      ({ image = "" }) => normalizedImage(image),
    ),
  }),
  score({ nodes, nodesWithImage }, { images }, wanted) {
    let sum = 0;
    for (const name of wanted) {
      const size = images.get(name);
      if (size !== undefined) sum += Math.floor((size * nodesWithImage(name)) / nodes.length);
    }
    const most = mostPerContainer * wanted.length;
    return Math.floor((100 * (Math.min(Math.max(sum, least), most) - least)) / (most - least));
  },
};
