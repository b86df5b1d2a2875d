/**
 * Owners as a row of the log keeps them: `[[shape, seconds, …holes], …]`, a few bytes an owner.
 * Shapes (a writer and the fields it has) are shared by all objects that are alike and lie in the
 * store once; a shape that no two objects share stays in the row.
 */
import { emptySet, type FieldSet } from "#apimachinery/fieldpath/set.ts";
import { filled, filledSet, setFrom, shapeOf } from "#apimachinery/fieldpath/shape.ts";
import {
  entryText,
  noOwners,
  type Operation,
  type Owner,
  type Owners,
  type Writer,
} from "./owner.ts";

/** Where texts that many rows share lie: the store's `Interned`. */
export interface Shapes {
  /** Undefined: the text stays in the row. */
  idOf(text: string): number | undefined;
  text(id: number): string;
}

/** A shape's id in the store, or the shape itself; s since 1970; what fills its holes. */
type Cell = readonly [shape: number | string, seconds: number | null, ...holes: string[]];

/** A writer and the text of its fields; in memory with what was made of it. */
class Kept {
  readonly writer: Writer;
  readonly text: string;
  /** How rows name it. */
  readonly name: number | string;
  readonly shape: string;
  #set: FieldSet | undefined;
  constructor(name: number | string, shape: string) {
    const end = shape.indexOf("\n");
    const [manager, operation, apiVersion, subresource] = JSON.parse(shape.slice(0, end)) as [
      string,
      Operation,
      string,
      string,
    ];
    this.name = name;
    this.shape = shape;
    this.writer = { manager, operation, apiVersion, subresource };
    this.text = shape.slice(end + 1);
  }
  set(holes: readonly string[]): FieldSet {
    this.#set ??= this.text === "{}" ? emptySet : setFrom(JSON.parse(this.text));
    return filledSet(this.#set, { text: this.text, holes });
  }
}

export class OwnershipColumn {
  readonly #interned: Shapes;
  readonly #kept = new Map<number, Kept>();

  constructor(interned: Shapes) {
    this.#interned = interned;
  }

  read(column: string | null): Owners {
    if (column === null) return noOwners;
    return cellsOf(column).map(([shape, seconds, ...holes]): Owner => {
      const kept = this.#of(shape);
      const { manager, operation, apiVersion, subresource } = kept.writer;
      const fields = kept.set(holes);
      return {
        manager,
        operation,
        apiVersion,
        subresource,
        seconds: seconds ?? undefined,
        fields,
        kept: typeof shape === "number" ? kept : undefined,
      };
    });
  }

  /** Null: nobody owns anything. */
  write(owners: Owners): string | null {
    if (owners.length === 0) return null;
    return JSON.stringify(owners.map((owner) => this.#cell(owner)));
  }

  /** The JSON text of metadata.managedFields; undefined: there is none. */
  wire(column: string | null): string | undefined {
    if (column === null) return undefined;
    const entries = cellsOf(column).map(([shape, seconds, ...holes]) => {
      const { writer, text } = this.#of(shape);
      return entryText(writer, seconds ?? undefined, filled(text, holes));
    });
    return `[${entries.join(",")}]`;
  }

  #cell(owner: Owner): Cell {
    const { manager, operation, apiVersion, subresource, seconds = null, fields, kept } = owner;
    const { text, holes } = shapeOf(fields);
    if (kept instanceof Kept && kept.text === text) return [kept.name, seconds, ...holes];
    const shape = `${JSON.stringify([manager, operation, apiVersion, subresource])}\n${text}`;
    return [this.#interned.idOf(shape) ?? shape, seconds, ...holes];
  }

  #of(shape: number | string): Kept {
    if (typeof shape === "string") return new Kept(shape, shape);
    const text = this.#interned.text(shape);
    const known = this.#kept.get(shape);
    // After a rollback a number may name another text.
    if (known?.shape === text) return known;
    const kept = new Kept(shape, text);
    this.#kept.set(shape, kept);
    return kept;
  }
}

const cellsOf = (column: string): readonly Cell[] => JSON.parse(column) as readonly Cell[];
