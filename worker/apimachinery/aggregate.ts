/** Several errors as one text, each once. Upstream: apimachinery/pkg/util/errors/errors.go Aggregate. */
export function aggregated(texts: readonly string[]): string {
  const all = [...new Set(texts)];
  return all.length < 2 ? (all[0] ?? "") : `[${all.join(", ")}]`;
}
