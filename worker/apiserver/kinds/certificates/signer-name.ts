/** `example.com/signer`. Upstream: pkg/apis/core/validation ValidateSignerName. */
import {
  type FieldError,
  type FieldPath,
  invalid,
  required,
  tooLong,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";

const longestDomain = 253;
/** Room for a resource name of the form `<domain>/<namespace>.<name>`. */
const longestPath = 63 + 1 + 253;

export function signerNameErrors(at: FieldPath, name: string): readonly FieldError[] {
  if (name === "") return [required(at)];
  const segments = name.split("/");
  const [domain = "", path = ""] = segments;
  if (segments.length !== 2)
    return [
      invalid(
        at,
        name,
        "must be a fully qualified domain and path of the form 'example.com/signer-name'",
      ),
    ];
  const errors: FieldError[] = [];
  if (domain.length > longestDomain) errors.push(tooLong(at, longestDomain));
  const labels = domain.split(".");
  errors.push(...firstProblem(labels, dns1123Label, domain, at));
  if (labels.length < 2)
    errors.push(
      invalid(at, domain, "should be a domain with at least two segments separated by dots"),
    );
  if (path.length > longestPath) errors.push(tooLong(at, longestPath));
  errors.push(...firstProblem(path.split("."), dns1123Subdomain, path, at));
  return errors;
}

function firstProblem(
  labels: readonly string[],
  check: (label: string) => readonly string[],
  whole: string,
  at: FieldPath,
): readonly FieldError[] {
  for (const label of labels) {
    const wrong = check(label);
    if (wrong.length > 0)
      return wrong.map((text) =>
        invalid(at, whole, `validating label ${JSON.stringify(label)}: ${text}`),
      );
  }
  return [];
}
