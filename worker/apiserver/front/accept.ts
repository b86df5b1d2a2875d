/**
 * What form an answer shall have: the first of the client's choices that there is, by its weights.
 * Upstream: apiserver/pkg/endpoints/handlers/negotiation/negotiate.go, rest.go AllowsMediaTypeTransform.
 */
import { badRequest, notAcceptable, type StatusError } from "#apimachinery/status.ts";

export type Encoding = "json" | "yaml" | "protobuf";
/** What is made of an object besides itself. */
export type View = "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
export type Include = "None" | "Metadata" | "Object";
export interface Wanted {
  readonly encoding: Encoding;
  readonly view: View | undefined;
  /** Of the view: `meta.k8s.io/v1` or its older name. */
  readonly viewVersion: string;
  /** Indented, for people. */
  readonly pretty: boolean;
  /** What a Table's rows carry besides their cells. */
  readonly include: Include;
}
/** What can be had at a path. */
export interface Offer {
  /** A stream of watch events: YAML has no frames. */
  readonly isStream: boolean;
  /** Protobuf is for the kinds that are built in. */
  readonly hasProtobuf: boolean;
  /** Answers to a question (a SubjectAccessReview) are no rows. */
  readonly hasTable: boolean;
}

const json = "application/json";
const yaml = "application/yaml";
const protobuf = "application/vnd.kubernetes.protobuf";
const encodings: readonly (readonly [string, Encoding])[] = [
  [json, "json"],
  [yaml, "yaml"],
  [protobuf, "protobuf"],
];
const views: readonly string[] = ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"];
const includes: readonly string[] = ["", "None", "Metadata", "Object"];

/** What can be read and written, as refusals name it. */
export const mediaTypes: readonly string[] = [json, yaml, protobuf];
const streamTypes = [`${json};stream=watch`, `${protobuf};stream=watch`];

export interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly weight: number;
}

function clauseOf(text: string): Clause {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(
    rest
      .filter((part) => part.includes("="))
      .map((part) => {
        const at = part.indexOf("=");
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
      }),
  );
  const weight = Number(parameters.get("q") ?? 1);
  return { type: type.toLowerCase(), parameters, weight: Number.isNaN(weight) ? 1 : weight };
}

const isWild = (type: string): number => (type === "*/*" ? 2 : type.endsWith("/*") ? 1 : 0);

/** What few clients send again and again, read once. */
const read = new Map<string, readonly Clause[]>();
const mostRead = 100;

/** Heaviest first, then the more exact, then as written. */
export function clausesOf(accept: string): readonly Clause[] {
  const known = read.get(accept);
  if (known !== undefined) return known;
  const clauses = accept
    .split(",")
    .map(clauseOf)
    .toSorted((a, b) => b.weight - a.weight || isWild(a.type) - isWild(b.type));
  if (read.size < mostRead) read.set(accept, clauses);
  return clauses;
}

/** Throws 406, and 400 for a Table nobody can make. */
export function wanted(headers: Headers, query: URLSearchParams, offer: Offer): Wanted {
  const pretty = isForPeople(headers.get("user-agent") ?? "", query);
  const plain = { view: undefined, viewVersion: "v1", include: "Metadata", pretty } as const;
  const accept = headers.get("accept") ?? "";
  if (accept.trim() === "") return { encoding: "json", ...plain };
  for (const { type, parameters } of clausesOf(accept)) {
    for (const [name, encoding] of encodings) {
      const fits = type === name || type === "*/*" || type === "application/*";
      if (!fits || (encoding === "protobuf" && !offer.hasProtobuf)) continue;
      const view = viewOf(parameters, encoding, offer);
      if (view === undefined || parameters.get("sv")) continue;
      if (offer.isStream && encoding === "yaml") throw notAcceptable(streamTypes);
      const include = view.view === "Table" ? includeOf(query) : "Metadata";
      return { encoding, ...view, include, pretty: pretty || parameters.get("pretty") === "1" };
    }
  }
  throw notAcceptable(offer.isStream ? streamTypes : acceptedOf(offer));
}

const acceptedOf = ({ hasProtobuf }: Offer): readonly string[] =>
  hasProtobuf ? mediaTypes : [json, yaml];

/** Undefined: what the clause asks for is not to be had. */
function viewOf(
  parameters: ReadonlyMap<string, string>,
  encoding: Encoding,
  { hasTable }: Offer,
): Pick<Wanted, "view" | "viewVersion"> | undefined {
  const [as, group, version] = ["as", "g", "v"].map((name) => parameters.get(name));
  if (as === undefined && group === undefined && version === undefined)
    return { view: undefined, viewVersion: "v1" };
  const known = as !== undefined && views.includes(as) && group === "meta.k8s.io";
  if (!known || (version !== "v1" && version !== "v1beta1")) return undefined;
  return as === "Table" && (encoding === "protobuf" || !hasTable)
    ? undefined
    : { view: as as View, viewVersion: version };
}

function includeOf(query: URLSearchParams): Include {
  const include = query.get("includeObject") ?? "";
  if (!includes.includes(include))
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`,
    );
  return (include || "Metadata") as Include;
}

/** `?pretty`, else browsers, curl and wget: they show what they get. */
export function isForPeople(userAgent: string, query: URLSearchParams): boolean {
  const asked = query.get("pretty") ?? "";
  if (asked !== "") return ["1", "t", "T", "true", "TRUE", "True"].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** 406 for a view that the object there is cannot have; `type` is its Go type, e.g. `*core.PodList`. */
export const notThatView = (view: string, type: string, isList: boolean): StatusError =>
  notAcceptable(
    [],
    `you requested ${view}, but the requested object is ${isList ? "" : "not "}a list (${type})`,
  );
