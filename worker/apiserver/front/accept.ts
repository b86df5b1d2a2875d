/** What form an answer shall have. Upstream: apiserver/pkg/endpoints/handlers/negotiation. */

export type Encoding = "json" | "yaml" | "protobuf";
/** What is made of an object besides itself. */
export type View = "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
export interface Wanted {
  readonly encoding: Encoding;
  readonly view: View | undefined;
  /** Indented, for people. */
  readonly pretty: boolean;
}

const encodings: Readonly<Record<string, Encoding>> = {
  "application/json": "json",
  "application/yaml": "yaml",
  "application/vnd.kubernetes.protobuf": "protobuf",
  "application/*": "json",
  "*/*": "json",
};
const views: readonly string[] = ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"];

export const mediaTypes = [
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
] as const;

/** The first of the client's choices that we have, by its weights; undefined: none. */
export function wanted(accept: string | null, query: URLSearchParams): Wanted | undefined {
  const pretty = query.has("pretty") && !["0", "false"].includes(query.get("pretty") ?? "");
  if (accept === null || accept.trim() === "") return { encoding: "json", view: undefined, pretty };
  const clauses = accept.split(",").map((text, i) => {
    const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
    const values = new Map(
      parameters.map((parameter) => [
        parameter.slice(0, parameter.indexOf("=")),
        parameter.slice(parameter.indexOf("=") + 1),
      ]),
    );
    return { type: type.toLowerCase(), values, weight: Number(values.get("q") ?? 1), i };
  });
  for (const { type, values } of clauses.toSorted((a, b) => b.weight - a.weight || a.i - b.i)) {
    const encoding = encodings[type];
    if (encoding === undefined) continue;
    const as = values.get("as");
    if (as === undefined)
      return { encoding, view: undefined, pretty: pretty || values.get("pretty") === "1" };
    const known =
      views.includes(as) &&
      values.get("g") === "meta.k8s.io" &&
      (values.get("v") === "v1" || values.get("v") === "v1beta1");
    if (known && encoding !== "protobuf") return { encoding, view: as as View, pretty };
  }
  return undefined;
}
