/**
 * What a valid name is, with upstream's words for what is wrong, and generated names.
 * Upstream: apimachinery/pkg/util/validation/validation.go, pkg/util/rand/rand.go, apiserver/pkg/storage/names/generate.go.
 */
const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const relaxedLabel = "[a-z]([-a-z0-9]*[a-z0-9])?";

const labelPattern = new RegExp(`^${label}$`);
const label1035Pattern = new RegExp(`^${relaxedLabel}$`);
const subdomainPattern = new RegExp(`^${subdomain}$`);
const qualifiedPattern = new RegExp(`^${qualified}$`);
const labelValuePattern = new RegExp(`^(${qualified})?$`);

/** "must be no more than N bytes" since 1.34; characters before. */
export const tooLongText = (max: number): string => `must be no more than ${max} bytes`;

const withRegex = (message: string, pattern: string, ...examples: readonly string[]): string => {
  const all = examples.map((example, i) => `${i > 0 ? " or " : ""}'${example}', `).join("");
  return `${message} (e.g. ${all}regex used for validation is '${pattern}')`;
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
const checked =
  (max: number, pattern: RegExp, text: string): Check =>
  (value) => [
    ...(value.length > max ? [tooLongText(max)] : []),
    ...(pattern.test(value) ? [] : [text]),
  ];

/** Each returns what is wrong, nothing when it is valid. */
export const dns1123Label: Check = checked(63, labelPattern, labelText);
export const dns1035Label: Check = checked(63, label1035Pattern, label1035Text);
export const dns1123Subdomain: Check = checked(253, subdomainPattern, subdomainText);
export const labelValue: Check = checked(63, labelValuePattern, labelValueText);

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
      `a qualified name ${qualifiedText.replace("name part ", "")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (name === "") errors.push("name part must be non-empty");
  else if (name.length > 63) errors.push(`name part ${tooLongText(63)}`);
  if (!qualifiedPattern.test(name)) errors.push(qualifiedText);
  return errors;
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
