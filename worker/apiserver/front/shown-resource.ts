/**
 * What the front half must know of a resource to show its objects. It knows the built-in ones; of a custom
 * resource the cluster tells it in a header of the answer, when it was asked to.
 */
import type { V1CustomResourceColumnDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { customColumns } from "#apiserver/custom-resources/columns.ts";
import { scaleColumns } from "#apiserver/kinds/autoscaling/scale.ts";
import type { Resource } from "#apiserver/registry.ts";

export type ShownResource = Pick<Resource, "kind" | "type" | "kindName">;

interface Told {
  readonly gvk: string;
  readonly columns: readonly V1CustomResourceColumnDefinition[];
}

/** Headers carry ASCII alone. */
const ascii = (text: string): string =>
  text.replaceAll(
    /[^\u0020-\u007E]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The header's value; undefined for built-in resources. */
export function toldOf(resource: Resource | undefined): string | undefined {
  if (resource?.custom === undefined) return undefined;
  const told: Told = { gvk: resource.gvk, columns: resource.custom.columns };
  return ascii(JSON.stringify(told));
}

export function shownResource(header: string | null): ShownResource | undefined {
  if (header === null) return undefined;
  const { gvk, columns } = JSON.parse(header) as Told;
  return {
    kind: { gvk, columns: customColumns(columns) },
    type: "unstructured.v1.Unstructured",
    kindName: gvk.slice(gvk.lastIndexOf("/") + 1),
  };
}

const scale: ShownResource = {
  kind: { gvk: "autoscaling/v1/Scale", columns: scaleColumns },
  type: "autoscaling.v1.Scale",
  kindName: "Scale",
};

/** How what lies at a path is shown; other subresources are no objects, or have no other view. */
export function shownAt(
  subresource: string,
  resource: ShownResource | undefined,
): ShownResource | undefined {
  if (subresource === "" || subresource === "status") return resource;
  return subresource === "scale" ? scale : undefined;
}
