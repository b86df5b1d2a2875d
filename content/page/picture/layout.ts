/**
 * The map: fixed places and the roads between them. Three drawn layouts share one grammar:
 * requests enter the API server by the west door and walk seven gates east; watches leave by the
 * east door; one double line leads to etcd. Nothing is ever placed automatically but the nodes in
 * their row.
 */
import type { Box, Line, Point } from "./geometry.ts";

export type LayoutName = "wide" | "short" | "tall";

/** A place on the map. Nodes are named `node/<name>`. */
export type Place = "laptop" | "controllers" | "scheduler" | "api" | "etcd" | `node/${string}`;

/** request: towards the west door · watch: from the east door · store: API server to etcd · local: inside one node */
export type RoadKind = "request" | "watch" | "store" | "local";
export interface Road {
  readonly kind: RoadKind;
  readonly from: Place;
  readonly to: Place;
  readonly points: Line;
}

/** How much of a node fits: everything; name and Pods; a number. */
export type Detail = "full" | "compact" | "cell";
export interface NodeSlot extends Box {
  readonly name: string;
  readonly detail: Detail;
  readonly bell: Point;
}

export interface Layout {
  readonly name: LayoutName;
  readonly width: number;
  readonly height: number;
  readonly coast: Line;
  readonly laptop: Box;
  readonly controllers: Box;
  readonly scheduler: Box;
  readonly api: Box;
  readonly etcd: Box;
  /** Where the Key lies, and the inset instead of it; undefined: the layout has no room. */
  readonly key: Box | undefined;
  /** Middle of each gate's threshold, west to east. */
  readonly gates: readonly Point[];
  readonly arch: { readonly radius: number; readonly height: number };
  /** Height of the road through the gates. */
  readonly gateLine: number;
  readonly westDoor: Point;
  readonly eastDoor: Point;
  readonly store: Line;
  readonly bells: { readonly controllers: Point; readonly scheduler: Point };
  slots(names: readonly string[]): readonly NodeSlot[];
  roads(slots: readonly NodeSlot[]): readonly Road[];
}

/** Everything that a layout draws by hand; the rest follows from the grammar. */
export interface Drawing extends Omit<Layout, "westDoor" | "eastDoor" | "slots" | "roads"> {
  /** The strip along the bottom in which nodes stand. */
  readonly land: Box;
  readonly gap: number;
  /** Most nodes drawn in full, and in how much detail. */
  readonly most: number;
  readonly detail: Detail;
  /** The road west of the API server. */
  readonly westX: number;
  /** The road east of it. */
  readonly eastX: number;
  /** Height at which controllers' and scheduler's requests go west; of their watches. */
  readonly northRequests: number;
  readonly northWatches: number;
  /** From the nodes: below them, up at the far west, and across to the west road. */
  readonly southRequests: number;
  readonly farWestX: number;
  readonly crossing: number;
  readonly southWatches: number;
  /** Where the roads of controllers and scheduler begin. */
  readonly docks: {
    readonly controllers: number;
    readonly scheduler: number;
    readonly laptop: Line;
  };
}

/** Above this many nodes a cell shows a number only. */
const mostCompact = 12;

function slotsOf(drawing: Drawing, names: readonly string[]): NodeSlot[] {
  const { land, gap, most } = drawing;
  const rows =
    names.length <= most
      ? 1
      : names.length <= mostCompact
        ? 2
        : Math.max(3, Math.ceil(names.length / 24));
  const columns = Math.max(1, Math.ceil(names.length / rows));
  const space = rows > 2 ? 3 : gap;
  const w = (land.w - space * (columns - 1)) / columns;
  const between = rows === 2 ? 12 : space;
  const h = (land.h - between * (rows - 1)) / rows;
  const detail: Detail = rows === 1 ? drawing.detail : rows === 2 ? "compact" : "cell";
  return names.map((name, i) => {
    const x = land.x + (i % columns) * (w + space);
    const y = land.y + Math.floor(i / columns) * (h + between);
    return { name, x, y, w, h, detail, bell: { x: x + w - 12, y: y + 14 } };
  });
}

function roadsOf(drawing: Drawing, slots: readonly NodeSlot[]): Road[] {
  const { docks, westX, eastX, farWestX, crossing, controllers, scheduler, bells, gateLine, api } =
    drawing;
  const west: Point = { x: api.x, y: gateLine };
  const east: Point = { x: api.x + api.w, y: gateLine };
  const north = (place: "controllers" | "scheduler", box: Box): Road[] => [
    {
      kind: "request",
      from: place,
      to: "api",
      points: [
        { x: docks[place], y: box.y + box.h },
        { x: docks[place], y: drawing.northRequests },
        { x: westX, y: drawing.northRequests },
        { x: westX, y: gateLine },
        west,
      ],
    },
    {
      kind: "watch",
      from: "api",
      to: place,
      points: [
        east,
        { x: eastX, y: gateLine },
        { x: eastX, y: drawing.northWatches },
        { x: bells[place].x, y: drawing.northWatches },
        { x: bells[place].x, y: box.y },
      ],
    },
  ];
  const bottom = drawing.land.y + drawing.land.h;
  const south = (slot: NodeSlot): Road[] => {
    const dock = slot.x + Math.min(20, slot.w / 2);
    const under = slot.y + slot.h >= bottom - 1 ? drawing.southRequests : slot.y + slot.h + 4;
    const over = slot.y <= drawing.land.y + 1 ? drawing.southWatches : slot.y - 4;
    return [
      {
        kind: "request",
        from: `node/${slot.name}`,
        to: "api",
        points: [
          { x: dock, y: slot.y + slot.h },
          { x: dock, y: under },
          { x: farWestX, y: under },
          { x: farWestX, y: crossing },
          { x: westX, y: crossing },
          { x: westX, y: gateLine },
          west,
        ],
      },
      {
        kind: "watch",
        from: "api",
        to: `node/${slot.name}`,
        points: [
          east,
          { x: eastX, y: gateLine },
          { x: eastX, y: over },
          { x: slot.bell.x, y: over },
          { x: slot.bell.x, y: slot.y },
        ],
      },
    ];
  };
  return [
    { kind: "request", from: "laptop", to: "api", points: docks.laptop },
    ...north("controllers", controllers),
    ...north("scheduler", scheduler),
    { kind: "store", from: "api", to: "etcd", points: drawing.store },
    ...slots.flatMap(south),
  ];
}

export function layout(drawing: Drawing): Layout {
  const { api, gateLine } = drawing;
  return {
    ...drawing,
    westDoor: { x: api.x, y: gateLine },
    eastDoor: { x: api.x + api.w, y: gateLine },
    slots: (names) => slotsOf(drawing, names),
    roads: (slots) => roadsOf(drawing, slots),
  };
}
