/** Formats of strings that validation knows; others say nothing. Upstream: apiextensions-apiserver/pkg/apiserver/validation/formats.go, kube-openapi/pkg/validation/strfmt. */
import ipaddr from "ipaddr.js";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { msOf } from "#apimachinery/time.ts";

type Check = (text: string) => boolean;
const matching =
  (pattern: RegExp): Check =>
  (text) =>
    pattern.test(text);

const uuid = (version: string): Check =>
  matching(
    new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, "i"),
  );
const label = "[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?";

const checks: Readonly<Record<string, Check>> = {
  byte: matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: (text) => text.includes("/") && ipaddr.isValidCIDR(text),
  creditcard: matching(/^(?:\d[ -]?){13,16}$/),
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(msOf(text)),
  "date-time": (text) =>
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(msOf(text)),
  duration: matching(/^[-+]?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+$|^0$/),
  email: matching(/^[^\s@<>]+@[^\s@<>]+$/),
  hexcolor: matching(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  hostname: matching(new RegExp(`^${label}(?:\\.${label})*\\.?$`)),
  ipv4: (text) => ipaddr.IPv4.isValidFourPartDecimal(text),
  ipv6: (text) => ipaddr.IPv6.isValid(text) && text.includes(":"),
  isbn: matching(/^(?:\d{9}[\dXx]|\d{13})$/),
  "k8s-long-name": (text) => dns1123Subdomain(text).length === 0,
  "k8s-short-name": (text) => dns1123Label(text).length === 0,
  mac: matching(
    /^(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$|^(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}$/,
  ),
  password: () => true,
  ssn: matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: matching(/^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\S+|\/\S*)$/),
  uuid: uuid("[0-9a-f]"),
  uuid3: uuid("3"),
  uuid4: uuid("4"),
  uuid5: uuid("5"),
};
const numeric = new Set(["int32", "int64", "float", "double"]);

const named = (format: string): Check | undefined => {
  const name = format === "datetime" ? "date-time" : format;
  return Object.hasOwn(checks, name) ? checks[name] : undefined;
};

/** Formats without a check are accepted, with a warning when the definition is written. */
export const isKnownFormat = (format: string): boolean =>
  numeric.has(format) || named(format) !== undefined;
export const meetsFormat = (format: string, text: string): boolean => named(format)?.(text) ?? true;
