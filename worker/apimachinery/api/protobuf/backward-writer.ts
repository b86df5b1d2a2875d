/**
 * Bytes of a protobuf message, written from the end: a message's length stands before it and is known only when it is
 * done, so nothing is ever copied from one buffer to another. Fields are therefore written in reverse.
 * Upstream: gogo/protobuf's MarshalToSizedBuffer.
 */
const utf8 = new TextEncoder();

export class BackwardWriter {
  #buffer = new Uint8Array(1024);
  /** Everything from here to the buffer's end is written. */
  #at = 1024;

  /** How much is written. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  varint(value: number | bigint): void {
    if (typeof value === "number" && value >= 0 && value < 0x80) {
      this.#room(1);
      this.#buffer[--this.#at] = value;
      return;
    }
    let left = BigInt.asUintN(64, BigInt(value));
    let size = 1;
    for (let rest = left >> 7n; rest > 0n; rest >>= 7n) size += 1;
    this.#room(size);
    this.#at -= size;
    for (let i = 0; i < size; i += 1) {
      const isLast = i === size - 1;
      this.#buffer[this.#at + i] = Number(left & 0x7fn) | (isLast ? 0 : 0x80);
      left >>= 7n;
    }
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#at -= bytes.length;
    this.#buffer.set(bytes, this.#at);
  }

  text(text: string): void {
    const { length } = text;
    this.#room(length);
    const from = this.#at - length;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.raw(utf8.encode(text));
        return;
      }
      this.#buffer[from + i] = code;
    }
    this.#at = from;
  }

  /** The head of what was written since there were `before` bytes: its field's number and its length. */
  close(field: number, before: number): void {
    this.varint(this.length - before);
    this.varint(field * 8 + 2);
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(this.#at);
  }

  #room(size: number): void {
    if (this.#at >= size) return;
    const written = this.length;
    const bigger = new Uint8Array(Math.max(this.#buffer.length * 2, written + size));
    bigger.set(this.#buffer.subarray(this.#at), bigger.length - written);
    this.#buffer = bigger;
    this.#at = bigger.length - written;
  }
}
