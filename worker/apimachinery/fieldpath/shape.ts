/**
 * A set as FieldsV1 text, in two parts: its shape, which many objects share, and what fills the
 * shape's holes. A hole is a key that is each object's own: an address, a uid. So that 10,000 Pods
 * have one shape, and the store keeps it once.
 */
import { canonicalElement, type PathElement } from "./element.ts";
import { emptySet, type FieldNode, FieldSet, setOf } from "./set.ts";

/** Stands for a hole, followed by its place among its siblings; in a user's own text it is escaped. */
const hole = "\ue000";
const holeAt = (place: number): string => hole + String.fromCharCode(0xe001 + place);
const everyHole = /\ue000[\ue001-\uf8ff]/;
const mostHoles = 1_000;
const own = /^(k:\{"(?:ip|uid)":"|v:")(\d[\w.:/]*|[\da-f]{8}-[\da-f-]{27})("\}?)$/;

export interface Shape {
  readonly text: string;
  readonly holes: readonly string[];
}

export function shapeOf(set: FieldSet): Shape {
  set.shape ??= madeShape(set);
  return set.shape;
}

/** The FieldsV1 JSON text. Upstream: fieldpath/serialize.go ToJSON. */
export function fieldsText(set: FieldSet): string {
  const { text, holes } = shapeOf(set);
  return filled(text, holes);
}

/** A shape's text with its holes filled. */
export function filled(text: string, holes: readonly string[]): string {
  if (holes.length === 0) return text;
  return text
    .split(everyHole)
    .map((piece, i) => piece + (holes[i] ?? ""))
    .join("");
}

const noHoles: readonly string[] = [];

function madeShape({ nodes }: FieldSet): Shape {
  // All siblings or none, so that filling them keeps their order.
  const hollow =
    nodes.length > 0 && nodes.length < mostHoles && nodes.every(({ element }) => own.test(element));
  let text = "";
  let holes = noHoles;
  for (const [i, { element, member, children }] of nodes.entries()) {
    if (text !== "") text += ",";
    if (hollow) {
      const [, before = "", key = "", after = ""] = own.exec(element) ?? [];
      text += JSON.stringify(before + holeAt(i) + after);
      holes = [...holes, key];
    } else text += nameOf(element);
    const inner = children === undefined ? undefined : shapeOf(children);
    if (inner === undefined) text += ":{}";
    else {
      text += member ? `:{".":{},${inner.text.slice(1)}` : `:${inner.text}`;
      if (inner.holes.length > 0) holes = [...holes, ...inner.holes];
    }
  }
  const whole = `{${text}}`;
  // A user's own text that looks like a hole: rather no holes at all.
  return holes.length > 0 && whole.includes(escaped)
    ? { text: filled(whole, holes), holes: noHoles }
    : { text: whole, holes };
}

const escaped = "\\ue000";
const names = new Map<PathElement, string>();
const mostNames = 10_000;

/** As a JSON string. */
function nameOf(element: PathElement): string {
  const known = names.get(element);
  if (known !== undefined) return known;
  const name = JSON.stringify(element).replaceAll(hole, escaped);
  if (names.size >= mostNames) names.clear();
  names.set(element, name);
  return name;
}

/** The set of FieldsV1 JSON. Throws PathElementError. Upstream: fieldpath/serialize.go readIterV1. */
export function setFrom(fields: unknown): FieldSet {
  const { children } = read(fields);
  return children;
}

type Json = Readonly<Record<string, unknown>>;

function read(fields: unknown): { readonly children: FieldSet; readonly member: boolean } {
  const nodes: FieldNode[] = [];
  let member = false;
  const given: Json =
    typeof fields === "object" && fields !== null && !Array.isArray(fields) ? (fields as Json) : {};
  for (const name of Object.keys(given)) {
    if (name === ".") {
      member = true;
      continue;
    }
    const element = canonicalElement(name);
    if (element === undefined) continue;
    const inner = read(given[name]);
    const present = nodes.findIndex((one) => one.element === element);
    if (present >= 0) nodes.splice(present, 1);
    nodes.push({
      element,
      member: inner.member,
      children: inner.children.isEmpty ? undefined : inner.children,
    });
  }
  return { children: setOf(nodes), member: member || nodes.length === 0 };
}

/** A set read from a shape's text, with the holes of one object. Only the way to a hole is copied. */
export function filledSet(hollow: FieldSet, shape: Shape): FieldSet {
  if (shape.holes.length === 0) {
    hollow.shape ??= shape;
    return hollow;
  }
  const set = fill(hollow, [...shape.holes]);
  set.shape ??= shape;
  return set;
}

const hollows = new WeakMap<FieldSet, boolean>();
function isHollow(set: FieldSet): boolean {
  const known = hollows.get(set);
  if (known !== undefined) return known;
  const found = set.nodes.some(
    ({ element, children }) =>
      element.includes(hole) || (children !== undefined && isHollow(children)),
  );
  hollows.set(set, found);
  return found;
}

function fill(set: FieldSet, holes: string[]): FieldSet {
  if (!isHollow(set)) return set;
  const nodes = set.nodes.map((one): FieldNode => {
    const element = one.element.includes(hole)
      ? one.element.replace(everyHole, holes.shift() ?? "")
      : one.element;
    const children = one.children === undefined ? undefined : fill(one.children, holes);
    return { element, member: one.member, children };
  });
  return nodes.length === 0 ? emptySet : new FieldSet(nodes);
}
