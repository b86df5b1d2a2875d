/**
 * Times as the API writes them. Cluster time is milliseconds since 1970; nothing here reads a clock.
 * Upstream: apimachinery/pkg/apis/meta/v1/time.go, micro_time.go.
 */

let lastSecond = -1;
let lastText = "";

/** metav1.Time: `2026-11-23T20:15:04Z`, whole seconds. The last second's text is kept: most calls ask for it again. */
export function timeText(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastText = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
    lastSecond = second;
  }
  return lastText;
}

/** `2026-11-23`. */
export const dayText = (ms: number): string => timeText(ms).slice(0, "2026-11-23".length);
/** Is it such a day, and one that the calendar has? */
export function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && dayText(ms) === text;
}

/** metav1.MicroTime: `2026-11-23T20:15:04.123000Z`. */
export function microTimeText(ms: number): string {
  const whole = Math.floor(ms);
  return `${timeText(whole).slice(0, 19)}.${String(((whole % 1000) + 1000) % 1000).padStart(3, "0")}000Z`;
}

/** Milliseconds since 1970 of an RFC 3339 text; NaN when it is none. */
export const msOf = (text: string): number => Date.parse(text);

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
/** The same of a text that anybody may have written, which may be another sort of time. */
export const msOfStrictly = (text: string): number =>
  rfc3339.test(text) ? msOf(text) : Number.NaN;

/** A text as a point in time; undefined when it is none. For expressions, which compare and subtract times. */
export function dateOf(text: string): Date | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms);
}

/** As HTTP writes it: `Mon, 23 Nov 2026 20:15:04 GMT`. */
export const httpTimeText = (ms: number): string => new Date(ms).toUTCString();
