/** Stored text → served text: managedFields stand last in metadata, as upstream prints them. */

/** What has a row's ownership. */
export interface Owned {
  readonly ownership: string | null;
}
/** Who knows what the rows' ownership says. */
export interface OwnershipTexts {
  /** A stored text as it is served. */
  served(text: string, owned: Owned): string;
  /** The JSON text of metadata.managedFields; undefined: there is none. */
  wire(owned: Owned): string | undefined;
}

const opening = '"metadata":{';

/** The same text when there is nothing to add, or no metadata to add it to. */
export function withManagedFields(text: string, managedFields: string | undefined): string {
  if (managedFields === undefined) return text;
  const begin = text.indexOf(opening);
  if (begin < 0) return text;
  const end = endOf(text, begin + opening.length);
  const comma = end === begin + opening.length ? "" : ",";
  return `${text.slice(0, end)}${comma}"managedFields":${managedFields}${text.slice(end)}`;
}

const quote = 0x22;
const backslash = 0x5c;

/** Where the object that is open at `from` is closed. */
function endOf(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === quote) i = closingQuote(text, i + 1);
    else if (code === 0x7b) depth += 1;
    else if (code === 0x7d) {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return text.length;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}
