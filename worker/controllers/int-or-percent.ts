/** A number as it is, or so many hundredths of a whole. Upstream: apimachinery/pkg/util/intstr GetScaledValueFromIntOrPercent. */

export const scaledValue = (
  value: number | string | undefined,
  total: number,
  round: (value: number) => number,
): number =>
  typeof value === "string" ? round((Number.parseInt(value, 10) * total) / 100) : (value ?? 0);
