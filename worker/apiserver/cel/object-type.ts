/**
 * Typed objects in expressions: a field is declared with its type and read from the JSON object when it is
 * asked for, so that a rule costs the fields it looks at.
 * Upstream: apiserver/pkg/cel/common/typeprovider.go, values.go.
 */
import type { Environment } from "@marcbachmann/cel-js";
import { equal } from "#apimachinery/equal.ts";

export interface Field {
  /** A type in the environment's words: `int`, `list<string>`, `map<string, dyn>`, or an object type's name. */
  readonly type: string;
  /** The field's value of its object; undefined when it is not there. */
  readonly read: (owner: Readonly<Record<string, unknown>>) => unknown;
}

/** An object in an expression; `raw` is the JSON it stands for. */
interface Wrapped {
  toJSON(): unknown;
}

export interface ObjectType {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly construct: new (raw: unknown) => Wrapped;
}

/** `name`: letters, digits, `_` and dots. The same name may mean different types in different environments. */
export function objectType(name: string, fields: Readonly<Record<string, Field>>): ObjectType {
  class TypedObject {
    readonly #raw: Readonly<Record<string, unknown>>;
    constructor(raw: unknown) {
      this.#raw = (raw ?? {}) as Readonly<Record<string, unknown>>;
    }
    toJSON(): unknown {
      return this.#raw;
    }
    static field(of: TypedObject, field: Field): unknown {
      return field.read(of.#raw);
    }
  }
  for (const [key, field] of Object.entries(fields))
    Object.defineProperty(TypedObject.prototype, key, {
      get(this: TypedObject) {
        return TypedObject.field(this, field);
      },
    });
  return { name, fields, construct: TypedObject };
}

/** Types must stand behind those they use. */
export function registerObjectType(environment: Environment, type: ObjectType): void {
  const fields = Object.fromEntries(
    Object.entries(type.fields).map(([key, field]) => [key, field.type]),
  );
  environment.registerType(type.name, { ctor: type.construct, fields });
  environment.registerOperator(`${type.name} == ${type.name}`, (a: Wrapped, b: Wrapped) =>
    equal(a.toJSON(), b.toJSON()),
  );
  environment.registerOperator(`${type.name} == null`, () => false);
}
