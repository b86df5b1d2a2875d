/**
 * What a valid name is, with upstream's words for what is wrong, and generated names.
 * Upstream: apimachinery/pkg/util/validation/validation.go, pkg/util/rand/rand.go, apiserver/pkg/storage/names/generate.go.
 */
const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const underscoredLabel = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const underscored = `${underscoredLabel}(\\.${underscoredLabel})*`;
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const relaxedLabel = "[a-z]([-a-z0-9]*[a-z0-9])?";

const labelPattern = new RegExp(`^${label}$`);
const label1035Pattern = new RegExp(`^${relaxedLabel}$`);
const subdomainPattern = new RegExp(`^${subdomain}$`);
const qualifiedPattern = new RegExp(`^${qualified}$`);
const labelValuePattern = new RegExp(`^(${qualified})?$`);

/** Of labels' keys and values. Upstream: apimachinery/pkg/api/validate/content MaxLenError. */
export const tooLongText = (max: number): string => `must be no more than ${max} bytes`;
/** Of DNS names, ports, data keys. Upstream: apimachinery/pkg/util/validation MaxLenError. */
const tooManyCharacters = (max: number): string => `must be no more than ${max} characters`;

export const withRegex = (
  message: string,
  pattern: string,
  ...examples: readonly string[]
): string => {
  const all = examples.map((example, i) => `${i > 0 ? " or " : ""}'${example}', `).join("");
  return `${message} (${all === "" ? "" : "e.g. "}${all}regex used for validation is '${pattern}')`;
};

const labelText = withRegex(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  label,
  "my-name",
  "123-abc",
);
const label1035Text = withRegex(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  relaxedLabel,
  "my-name",
  "abc-123",
);
const subdomainText = withRegex(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  subdomain,
  "example.com",
);
const qualifiedText = withRegex(
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  qualified,
  "MyName",
  "my.name",
  "123-abc",
);
const labelValueText = withRegex(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${qualified})?`,
  "MyValue",
  "my_value",
  "12345",
);

type Check = (value: string) => readonly string[];
const nothing: readonly string[] = [];
const checked =
  (max: number, tooLong: (max: number) => string, pattern: RegExp, text: string): Check =>
  (value) =>
    value.length <= max && pattern.test(value)
      ? nothing
      : [...(value.length > max ? [tooLong(max)] : []), ...(pattern.test(value) ? [] : [text])];

/** Each returns what is wrong, nothing when it is valid. */
export const dns1123Label: Check = (value) => {
  if (value.length <= 63 && labelPattern.test(value)) return nothing;
  const problems: string[] = [];
  if (value.length > 63) problems.push(tooManyCharacters(63));
  if (!labelPattern.test(value))
    problems.push(subdomainPattern.test(value) ? "must not contain dots" : labelText);
  return problems;
};
export const dns1035Label: Check = checked(63, tooManyCharacters, label1035Pattern, label1035Text);
export const dns1123Subdomain: Check = checked(
  253,
  tooManyCharacters,
  subdomainPattern,
  subdomainText,
);
/** A search path of the resolver. */
export const dns1123SubdomainWithUnderscore: Check = checked(
  253,
  tooManyCharacters,
  new RegExp(`^${underscored}$`),
  withRegex(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    underscored,
    "example.com",
  ),
);
export const labelValue: Check = checked(63, tooLongText, labelValuePattern, labelValueText);

/** A key of a ConfigMap's or Secret's data. Upstream: IsConfigMapKey. */
export const dataKey: Check = (value) => {
  const problems: string[] = [];
  if (value.length > 253) problems.push(tooManyCharacters(253));
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) problems.push(dataKeyText);
  if (value === ".") problems.push("must not be '.'");
  else if (value === "..") problems.push("must not be '..'");
  else if (value.startsWith("..")) problems.push("must not start with '..'");
  return problems.length === 0 ? nothing : problems;
};
const dataKeyText = withRegex(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  "[-._a-zA-Z0-9]+",
  "key.name",
  "KEY_NAME",
  "key-name",
);

/** Upstream: IsRelaxedEnvVarName. */
export const environmentName: Check = (value) => {
  if (value === "") return ["environment variable name must be non-empty"];
  return /^[ -<>-~]+$/.test(value)
    ? nothing
    : [
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ];
};

/** Upstream: IsValidPortName. */
export const portName: Check = (value) => {
  const problems: string[] = [];
  if (value.length > 15) problems.push(tooManyCharacters(15));
  if (!/^[-a-z0-9]+$/.test(value))
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(value)) problems.push("must contain at least one letter (a-z)");
  if (value.includes("--")) problems.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-"))
    problems.push("must not begin or end with a hyphen");
  return problems.length === 0 ? nothing : problems;
};

/** Upstream: IsHTTPHeaderName. */
export const headerName: Check = (value) =>
  /^[-A-Za-z0-9]+$/.test(value) ? nothing : [headerText];
const headerText = withRegex(
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  "[-A-Za-z0-9]+",
  "X-Header-Name",
);

/** `prefix/name` or `name`: keys of labels, annotations, taints, finalizers. */
export function qualifiedName(value: string): readonly string[] {
  const parts = value.split("/");
  const [first = "", second] = parts;
  const errors: string[] = [];
  let name = first;
  if (parts.length === 2) {
    name = second ?? "";
    if (first === "") errors.push("prefix part must be non-empty");
    else errors.push(...dns1123Subdomain(first).map((error) => `prefix part ${error}`));
  } else if (parts.length > 2) {
    return [
      `a valid label key ${qualifiedText.replace("name part ", "")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (name === "") errors.push("name part must be non-empty");
  else if (name.length > 63) errors.push(`name part ${tooLongText(63)}`);
  if (!qualifiedPattern.test(name)) errors.push(qualifiedText);
  return errors.length === 0 ? nothing : errors;
}

/** RBAC names and the like: only what cannot stand in a path is refused. Upstream: ValidatePathSegmentName. */
export function pathSegmentName(value: string): readonly string[] {
  if (value === "." || value === "..") return [`may not be '${value}'`];
  return ["/", "%"].filter((c) => value.includes(c)).map((c) => `may not contain '${c}'`);
}

/** Without vowels and look-alikes: no words come out. */
export const safeAlphabet = "bcdfghjklmnpqrstvwxz2456789";
const suffixLength = 5;
const longestGeneratedBase = 63 - suffixLength;

/** `base` cut to 58, and five random characters; `random` is uniform in [0, 1), asked once per character. */
export function generatedName(base: string, random: (i: number) => number): string {
  let suffix = "";
  for (let i = 0; i < suffixLength; i += 1) {
    suffix += safeAlphabet.charAt(Math.floor(random(i) * safeAlphabet.length));
  }
  return base.slice(0, longestGeneratedBase) + suffix;
}
