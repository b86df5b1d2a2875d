/** Figures as lines of a table. */
import type { Figure } from "./bench.ts";

/** Three digits that count, and no more. */
function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
const measured = (value: number | string, unit: string): string =>
  typeof value === "string"
    ? value
    : `${number(value)}${unit === "" || unit.startsWith("/") ? unit : ` ${unit}`}`;

function judged({ ours, ratio, required }: Figure): string {
  if (required === undefined) return "";
  const { least, most } = required;
  const value = ratio ?? ours;
  const isMet =
    typeof value === "number" && value >= (least ?? -Infinity) && value <= (most ?? Infinity);
  const bound = least === undefined ? `≤ ${most}` : `≥ ${least}`;
  return `${bound} ${isMet ? "met" : "MISSED"}`;
}

export function line(figure: Figure): string {
  const { what, unit, ours, beside, ratio } = figure;
  const other = beside === undefined ? "" : `${beside.name} ${measured(beside.value, unit)}`;
  const cells = [
    measured(ours, unit).padStart(14),
    other.padEnd(20),
    (ratio === undefined ? "" : `${number(ratio)} ×`).padStart(9),
    judged(figure),
  ];
  return `  ${what.padEnd(62)}${cells.join("  ")}`.trimEnd();
}
