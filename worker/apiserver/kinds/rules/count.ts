/** A number or a percentage. Upstream: pkg/apis/apps/validation ValidatePositiveIntOrPercent, IsNotMoreThan100Percent. */
import { type FieldPath, invalid } from "#apimachinery/field.ts";
import { withRegex } from "#apimachinery/names.ts";
import { type Errors, notNegative } from "./rule.ts";

export type Count = number | string;

const percentText = withRegex(
  "a valid percent string must be a numeric string followed by an ending '%'",
  "[0-9]+%",
  "1%",
  "93%",
);
const isPercent = (text: string): boolean => /^[0-9]+%$/.test(text);

export function count(errors: Errors, at: FieldPath, value: Count | undefined): void {
  if (typeof value === "number") notNegative(errors, at, value);
  else if (value !== undefined && !isPercent(value)) errors.push(invalid(at, value, percentText));
}
export function notMoreThanAll(errors: Errors, at: FieldPath, value: Count | undefined): void {
  if (typeof value === "string" && isPercent(value) && Number.parseInt(value, 10) > 100)
    errors.push(invalid(at, value, "must not be greater than 100%"));
}
/** The number, or the percentage's; 0 for what is neither. */
export const countOf = (value: Count | undefined): number => {
  const parsed = Number.parseInt(String(value ?? 0), 10);
  return Number.isNaN(parsed) ? 0 : parsed;
};
