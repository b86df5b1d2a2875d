/**
 * Validation errors as data: where, what sort, which value, why.
 * Upstream: apimachinery/pkg/util/validation/field/errors.go, path.go.
 */

/** A path into an object, printed as upstream prints it: `spec.containers[0].ports[1].name`, `metadata.labels[app]`. */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #part: string | number;
  /** 0 = a child, 1 = an index or key. The text is made when an error asks for it: few are. */
  readonly #sort: 0 | 1;
  constructor(text = "", parent?: FieldPath, part: string | number = text, sort: 0 | 1 = 0) {
    this.#parent = parent;
    this.#part = part;
    this.#sort = sort;
  }
  child(first: string, ...more: readonly string[]): FieldPath {
    let made = new FieldPath(first, this);
    for (const name of more) made = new FieldPath(name, made);
    return made;
  }
  index(i: number): FieldPath {
    return new FieldPath("", this, i, 1);
  }
  key(key: string): FieldPath {
    return new FieldPath("", this, key, 1);
  }
  toString(): string {
    const before = this.#parent === undefined ? "" : this.#parent.toString();
    if (this.#sort === 1) return `${before}[${this.#part}]`;
    return before === "" ? String(this.#part) : `${before}.${this.#part}`;
  }
}

/** The empty path: the object itself. */
export const root: FieldPath = new FieldPath();

/** Causes' reasons, with the words that stand in the message. */
const words = {
  FieldValueRequired: "Required value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueDuplicate: "Duplicate value",
  FieldValueNotFound: "Not found",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  FieldValueTypeInvalid: "Invalid value",
  InternalError: "Internal error",
} as const;
export type FieldErrorReason = keyof typeof words;

export interface FieldError {
  readonly reason: FieldErrorReason;
  /** The path as printed. */
  readonly field: string;
  /** `Invalid value: "x": detail`: the message without the path. */
  readonly message: string;
}

const withDetail = (text: string, detail: string): string =>
  detail === "" ? text : `${text}: ${detail}`;

function error(
  reason: FieldErrorReason,
  at: FieldPath,
  value: string | undefined,
  detail: string,
): FieldError {
  const head = value === undefined ? words[reason] : `${words[reason]}: ${value}`;
  return { reason, field: at.toString(), message: withDetail(head, detail) };
}

/** Strings quoted, numbers and booleans bare, objects as JSON: as upstream prints a bad value. */
export const printed = (value: unknown): string =>
  value === undefined ? "null" : JSON.stringify(value);

export const required = (at: FieldPath, detail = ""): FieldError =>
  error("FieldValueRequired", at, undefined, detail);
export const invalid = (at: FieldPath, value: unknown, detail: string): FieldError =>
  error("FieldValueInvalid", at, printed(value), detail);
export const typeInvalid = (at: FieldPath, value: unknown, detail: string): FieldError =>
  error("FieldValueTypeInvalid", at, printed(value), detail);
export const forbidden = (at: FieldPath, detail: string): FieldError =>
  error("FieldValueForbidden", at, undefined, detail);
export const duplicate = (at: FieldPath, value: unknown, detail = ""): FieldError =>
  error("FieldValueDuplicate", at, printed(value), detail);
export const notFound = (at: FieldPath, value: unknown, detail = ""): FieldError =>
  error("FieldValueNotFound", at, printed(value), detail);
export const tooLong = (at: FieldPath, maxBytes: number): FieldError =>
  error("FieldValueTooLong", at, undefined, `may not be more than ${maxBytes} bytes`);
export const tooMany = (at: FieldPath, actual: number, max: number): FieldError =>
  error(
    "FieldValueTooMany",
    at,
    String(actual),
    `must have at most ${max} ${max === 1 ? "item" : "items"}`,
  );
/** An invalid value that is not shown. */
export const invalidSilently = (at: FieldPath, detail: string): FieldError =>
  error("FieldValueInvalid", at, undefined, detail);
/** `supported` is printed sorted, each quoted; "listed": in the order given, where upstream does so. */
export const unsupported = (
  at: FieldPath,
  value: unknown,
  supported: readonly string[],
  order: "sorted" | "listed" = "sorted",
): FieldError => {
  const values = order === "sorted" ? [...supported].toSorted() : supported;
  const texts = values.map((one) => JSON.stringify(one)).join(", ");
  const detail = supported.length === 0 ? "" : `supported values: ${texts}`;
  return error("FieldValueNotSupported", at, printed(value), detail);
};
