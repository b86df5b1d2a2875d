/** Formats of strings that validation knows; others say nothing. Upstream: apiextensions-apiserver/pkg/apiserver/validation/formats.go, kube-openapi/pkg/validation/strfmt. */
import ipaddr from "ipaddr.js";
import { msOf } from "#apimachinery/time.ts";
import { isIntOrString, type Schema } from "./schema.ts";

type Check = (text: string) => boolean;
const matching =
  (pattern: RegExp): Check =>
  (text) =>
    pattern.test(text);

const uuid = (version: string, variant: string): Check =>
  matching(
    new RegExp(
      `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`,
      "i",
    ),
  );
const any = "[0-9a-f]";
const rfc4122 = "[89ab]";

const hostnamePattern =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
const hostname: Check = (text) =>
  text.length <= 255 &&
  hostnamePattern.test(text) &&
  text.split(".").every((label) => label.length <= 63);

const date: Check = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(msOf(text));
const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/;
const dateTime: Check = (text) => {
  const [day = "", time = ""] = text.toLowerCase().split("t");
  return date(day) && timeOfDay.test(time);
};

const goDuration = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$|^[-+]?0$/;
/** Whole numbers with units in words, wherever they stand in a text. */
const wordyDuration =
  /\d+\s*(?:ns|us|µs|ms|s|m|h|hr|d|w|wk|(?:nano|micro|milli|sec|min|hour|day|week)[a-zµ]*)(?![a-zµ])/i;

/** Spaces and dashes do not count. */
const digitsOf = (text: string): string => text.replaceAll(/[\s-]+/g, "");
const isbn10: Check = (text) => {
  const digits = digitsOf(text);
  if (!/^(?:\d{9}X|\d{10})$/.test(digits)) return false;
  const sum = Array.from(digits).reduce(
    (all, digit, i) => all + (i + 1) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
};
const isbn13: Check = (text) => {
  const digits = digitsOf(text);
  if (!/^\d{13}$/.test(digits)) return false;
  const sum = Array.from(digits).reduce(
    (all, digit, i) => all + (i % 2 === 0 ? 1 : 3) * Number(digit),
    0,
  );
  return sum % 10 === 0;
};

const creditCard =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;
/** The digits have to add up. Upstream: govalidator IsCreditCard. */
const creditcard: Check = (text) => {
  const digits = text.replaceAll(/\D+/g, "");
  if (!creditCard.test(digits)) return false;
  const sum = Array.from(digits)
    .toReversed()
    .reduce((all, digit, i) => {
      const twice = Number(digit) * 2;
      return all + (i % 2 === 0 ? Number(digit) : twice > 9 ? twice - 9 : twice);
    }, 0);
  return sum % 10 === 0;
};

const colour = "(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])";
const shortName = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
const shortNames = new RegExp(`^${shortName}$`);
const longNames = new RegExp(`^${shortName}(?:\\.${shortName})*$`);

/** By their names without dashes. */
const checks: Readonly<Record<string, Check>> = {
  bsonobjectid: matching(/^[0-9a-fA-F]{24}$/),
  byte: matching(
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/,
  ),
  cidr: (text) => text.includes("/") && ipaddr.isValidCIDR(text),
  creditcard,
  date,
  datetime: dateTime,
  duration: (text) => goDuration.test(text) || wordyDuration.test(text),
  email: matching(/^[^\s@<>]+@[^\s@<>]+$/),
  hexcolor: matching(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  hostname,
  ipv4: (text) => ipaddr.IPv4.isValidFourPartDecimal(text),
  ipv6: (text) => ipaddr.IPv6.isValid(text) && text.includes(":"),
  isbn: (text) => isbn10(text) || isbn13(text),
  isbn10,
  isbn13,
  k8slongname: (text) => text.length <= 253 && longNames.test(text),
  k8sshortname: (text) => text.length <= 63 && shortNames.test(text),
  mac: matching(
    /^(?:[0-9a-fA-F]{2}[:-]){5}(?:[0-9a-fA-F]{2}[:-]){0,2}[0-9a-fA-F]{2}$|^(?:[0-9a-fA-F]{4}\.){2,3}[0-9a-fA-F]{4}$/,
  ),
  password: () => true,
  rgbcolor: matching(
    new RegExp(`^rgb\\(\\s*${colour}\\s*,\\s*${colour}\\s*,\\s*${colour}\\s*\\)$`),
  ),
  ssn: (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  uri: matching(/^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\S+|\/\S*)$/),
  uuid: uuid(any, any),
  uuid3: uuid("3", any),
  uuid4: uuid("4", rfc4122),
  uuid5: uuid("5", rfc4122),
};

const named = (format: string): Check | undefined => {
  const name = format.replaceAll("-", "");
  return Object.hasOwn(checks, name) ? checks[name] : undefined;
};
const numeric: Readonly<Record<string, readonly string[]>> = {
  integer: ["int32", "int64"],
  number: ["float", "double"],
};

/** The format that is looked at: others, and those of other types, say nothing, with a warning when the definition is written. */
export function supportedFormat(schema: Schema): string | undefined {
  const { format, type = "" } = schema;
  if (!format) return undefined;
  const isText = type === "" || type === "string" || isIntOrString(schema);
  const isKnown = isText ? named(format) !== undefined : numeric[type]?.includes(format) === true;
  return isKnown ? format : undefined;
}
export const meetsFormat = (format: string, text: string): boolean => named(format)?.(text) ?? true;
