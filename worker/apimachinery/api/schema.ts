/**
 * The API's facts, for code: which resources there are, which fields a type has and how its lists merge.
 * Parsed when first asked for, type by type: start-up must stay cheap.
 */
import resourceData from "./resources.json" with { type: "json" };
import typeData from "./types.json" with { type: "json" };

/** What discovery says of a subresource. */
export interface SubresourceFacts {
  /** `autoscaling/v1/Scale`, `v1/Pod`. */
  readonly kind: string;
  readonly verbs: readonly string[];
  /** Name of its wire type here, where it has one. */
  readonly type?: string;
}
/** What discovery says of a resource, in upstream's order. */
export interface ResourceFacts {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly singular?: string;
  /** Where it is not the kind and `List`. */
  readonly listKind?: string;
  readonly subresources?: Readonly<Record<string, SubresourceFacts>>;
  /** Name of its wire type here: `core.v1.Pod`. */
  readonly type: string;
}

/** One field of a type. */
export interface Field {
  /** Wire type without list and map brackets: `string`, `int32`, `quantity`, `core.v1.Container`, … */
  readonly type: string;
  /** The value is one, a list of, or a map from strings to `type`; `[[…]]` and `{[…]}` nest through `inner`. */
  readonly shape: "one" | "list" | "map";
  /** Set when the elements are lists or maps themselves. */
  readonly inner?: Field;
  /** `type` names another type of the schema. */
  readonly isRef: boolean;
  readonly required: boolean;
  /** Go always writes it, even when nobody set it: a struct or scalar that is no pointer. */
  readonly present: boolean;
  /**
   * Go leaves it out when it holds nothing: a scalar that is no pointer and its zero, an empty list or map. Not of a
   * list that is `kept`: there validation tells an empty one from none.
   */
  readonly omitsZero: boolean;
  /** Amounts of resources: counted in thousandths, rounded up. */
  readonly milli: boolean;
  /** Server-side apply: how a list merges, and its keys. */
  readonly list?: "atomic" | "set" | "map";
  readonly keys?: readonly string[];
  readonly atomicMap?: boolean;
  /** Strategic merge: `merge`, `replace`, `retainKeys`. */
  readonly patch?: readonly string[];
  readonly mergeKey?: string;
  readonly default?: unknown;
}
export interface TypeSchema {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Server-side apply treats the whole as one value. */
  readonly atomic: boolean;
}

export const resources: readonly ResourceFacts[] = resourceData as readonly ResourceFacts[];

const raw = typeData as Readonly<Record<string, Readonly<Record<string, string>>>>;
const known = new Map<string, TypeSchema>();

/** A type by its name here, e.g. `core.v1.PodSpec`; undefined when there is none. */
export function typeNamed(name: string): TypeSchema | undefined {
  const present = known.get(name);
  if (present !== undefined) return present;
  const fields = raw[name];
  if (fields === undefined) return undefined;
  const parsed = Object.entries(fields).filter(([field]) => !field.startsWith("$"));
  const made: TypeSchema = {
    name,
    fields: new Map(parsed.map(([field, text]) => [field, fieldOf(text)])),
    atomic: fields["$map"] === "atomic",
  };
  known.set(name, made);
  return made;
}

function fieldOf(text: string): Field {
  // A default is JSON and may hold spaces; it comes last.
  const at = text.indexOf(" default:");
  const [wire = "", ...marks] = (at < 0 ? text : text.slice(0, at)).split(" ");
  const marked = (name: string): string | undefined =>
    marks.find((mark) => mark.startsWith(`${name}:`))?.slice(name.length + 1);
  const list = marked("list") as Field["list"];
  const keys = marked("keys")?.split(",");
  const patch = marked("patch")?.split(",");
  const mergeKey = marked("mergeKey");
  const shape = shapeOf(wire);
  const present = marks.includes("present");
  return {
    ...shape,
    required: marks.includes("required"),
    present,
    omitsZero:
      !present &&
      !marks.includes("pointer") &&
      !marks.includes("kept") &&
      (shape.shape !== "one" || (!shape.isRef && plain.has(shape.type))),
    milli: marks.includes("milli"),
    ...(list === undefined ? {} : { list }),
    ...(keys === undefined ? {} : { keys }),
    ...(patch === undefined ? {} : { patch }),
    ...(mergeKey === undefined ? {} : { mergeKey }),
    ...(marked("map") === "atomic" ? { atomicMap: true } : {}),
    ...(at < 0 ? {} : { default: JSON.parse(text.slice(at + " default:".length)) as unknown }),
  };
}

/** Scalars whose zero means that they were not set. */
const plain = new Set(["boolean", "bytes", "double", "int32", "int64", "string"]);

function shapeOf(
  wire: string,
): Pick<Field, "type" | "shape" | "isRef"> & { readonly inner?: Field } {
  const bracket = wire.charAt(0);
  if (bracket !== "[" && bracket !== "{") {
    const isRef = bracket === "#";
    return { type: isRef ? wire.slice(1) : wire, shape: "one", isRef };
  }
  const item = shapeOf(wire.slice(1, -1));
  const shape = bracket === "[" ? "list" : "map";
  if (item.shape === "one") return { type: item.type, shape, isRef: item.isRef };
  return {
    type: item.type,
    shape,
    isRef: item.isRef,
    inner: { ...item, required: false, present: false, omitsZero: false, milli: false },
  };
}
