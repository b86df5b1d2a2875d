/** Who a certificate is about: its common name and organizations. Reference: RFC 5280 4.1.2.4; Go crypto/x509/pkix. */
import {
  type Bytes,
  type Element,
  objectId,
  objectIdText,
  parts,
  sequence,
  set,
  tags,
  textOf,
  utf8String,
} from "./der.ts";

const commonNameId = "2.5.4.3";
const organizationId = "2.5.4.10";

export interface DistinguishedName {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** As it was read, for copying. */
  readonly der: Bytes;
}

export function readName(element: Element): DistinguishedName {
  let commonName = "";
  const organizations: string[] = [];
  for (const relative of parts(element, tags.sequence)) {
    for (const pair of parts(relative, tags.set)) {
      const [id, value] = parts(pair, tags.sequence);
      if (id === undefined || value === undefined) continue;
      const name = objectIdText(id);
      if (name === commonNameId) commonName = textOf(value);
      else if (name === organizationId) organizations.push(textOf(value));
    }
  }
  return { commonName, organizations, der: element.whole };
}

export const commonName = (text: string): Bytes =>
  sequence(set(sequence(objectId(commonNameId), utf8String(text))));
