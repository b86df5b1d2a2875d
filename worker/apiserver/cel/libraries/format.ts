/** Named formats: `format.dns1123Label().validate(text)`. Upstream: apiserver/pkg/cel/library/format.go. */
import { Optional } from "@marcbachmann/cel-js";
import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  labelValue,
  qualifiedName,
} from "#apimachinery/names.ts";
import { msOf } from "#apimachinery/time.ts";
import { spend } from "#apiserver/cel/cost.ts";
import { namespace } from "./library.ts";
import type { Library } from "./library.ts";
import { urlProblem } from "./url.ts";

type Check = (text: string) => readonly string[];
const type = "kubernetes.NamedFormat";

/** A prefix may end in a dash. */
const prefix =
  (check: Check): Check =>
  (text) =>
    check(text.replace(/-$/, "a"));
const matching =
  (pattern: RegExp, message: string): Check =>
  (text) =>
    pattern.test(text) ? [] : [message];

const date: Check = (text) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(msOf(text)) ? [] : ["invalid date"];
const datetime: Check = (text) =>
  /^\d{4}-\d{2}-\d{2}[tT ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[zZ]|[+-]\d{2}:\d{2})$/.test(text) &&
  !Number.isNaN(msOf(text))
    ? []
    : ["invalid datetime"];

const formats: Readonly<Record<string, Check>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  qualifiedName,
  dns1123LabelPrefix: prefix(dns1123Label),
  dns1123SubdomainPrefix: prefix(dns1123Subdomain),
  dns1035LabelPrefix: prefix(dns1035Label),
  labelValue,
  uri: (text) => [urlProblem(text)].filter((problem) => problem !== undefined),
  uuid: matching(
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
    "does not match the UUID format",
  ),
  byte: matching(
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    "invalid base64",
  ),
  date,
  datetime,
};

class NamedFormat {
  readonly check: Check;
  constructor(check: Check) {
    this.check = check;
  }
}

export const formatLibrary: Library = (environment) => {
  const names = namespace(environment, "format");
  environment.registerType(type, NamedFormat);
  for (const [name, check] of Object.entries(formats)) {
    const named = new NamedFormat(check);
    environment.registerFunction(`${names}.${name}(): ${type}`, () => named);
  }
  environment
    .registerFunction(`${names}.named(string): optional<${type}>`, (_: unknown, name: string) => {
      const check = Object.hasOwn(formats, name) ? formats[name] : undefined;
      return check === undefined ? Optional.none() : Optional.of(new NamedFormat(check));
    })
    .registerFunction(
      `${type}.validate(string): optional<list<string>>`,
      ({ check }: NamedFormat, text: string) => {
        spend(text.length * 0.1);
        const problems = check(text);
        return problems.length === 0 ? Optional.none() : Optional.of(problems);
      },
    );
};
