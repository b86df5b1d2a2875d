/** Points, polylines with rounded corners, and how far along one a token is. */

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly w: number;
  readonly h: number;
}
export type Line = readonly Point[];

/** `line(1, 2, 3, 4)` → two points. */
export function line(...numbers: readonly number[]): Line {
  const points: Point[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2)
    points.push({ x: numbers[i] ?? 0, y: numbers[i + 1] ?? 0 });
  return points;
}

const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

export function lengthOf(points: Line): number {
  let sum = 0;
  for (let i = 1; i < points.length; i += 1)
    sum += distance(points[i - 1] as Point, points[i] as Point);
  return sum;
}

const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** The point `far` units along a line; its ends beyond that. */
export function along(points: Line, far: number): Point {
  let left = Math.max(0, far);
  for (let i = 1; i < points.length; i += 1) {
    const a = points[i - 1] as Point;
    const b = points[i] as Point;
    const size = distance(a, b);
    if (left <= size) return size === 0 ? b : between(a, b, left / size);
    left -= size;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}

/** The part of a line from `from` to `to` units along it. */
export function part(points: Line, from: number, to: number): Line {
  const cut: Point[] = [along(points, from)];
  let far = 0;
  for (let i = 1; i < points.length; i += 1) {
    far += distance(points[i - 1] as Point, points[i] as Point);
    if (far > from && far < to) cut.push(points[i] as Point);
  }
  cut.push(along(points, to));
  return cut;
}

const round = (n: number): number => Math.round(n * 10) / 10;
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

/** SVG path of a polyline; corners are rounded by `radius`, less where a leg is short. */
export function path(points: Line, radius: number = 7): string {
  const [first] = points;
  if (first === undefined) return "";
  let text = `M${at(first)}`;
  for (let i = 1; i < points.length; i += 1) {
    const here = points[i] as Point;
    const next = points[i + 1];
    const before = points[i - 1] as Point;
    if (next === undefined) {
      text += `L${at(here)}`;
      continue;
    }
    const cut = Math.min(radius, distance(before, here) / 2, distance(here, next) / 2);
    const into =
      distance(before, here) === 0 ? here : between(here, before, cut / distance(before, here));
    const out = distance(here, next) === 0 ? here : between(here, next, cut / distance(here, next));
    text += `L${at(into)}Q${at(here)} ${at(out)}`;
  }
  return text;
}

/** The same, closed. */
export function outline(points: Line, radius: number): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return "";
  const start = between(last, first, 0.5);
  return `${path([start, ...points, start], radius)}Z`;
}
