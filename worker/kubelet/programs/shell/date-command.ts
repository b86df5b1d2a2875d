/** `date`. Upstream: busybox coreutils/date.c. */
import { timeText } from "#apimachinery/time.ts";
import type { Surroundings } from "./commands.ts";
import { ok, type Outcome } from "./outcome.ts";

const weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Mon Nov 23 20:15:04 UTC 2026`, or by a format. */
export function date(args: readonly string[], { nowMs }: Surroundings): Outcome {
  const text = timeText(nowMs);
  const format = args.find((arg) => arg.startsWith("+"));
  const weekday = weekdays[Math.floor(nowMs / 86_400_000) % 7] ?? "";
  const month = months[Number(text.slice(5, 7)) - 1] ?? "";
  if (format === undefined) {
    const day = String(Number(text.slice(8, 10))).padStart(2);
    return ok(`${weekday} ${month} ${day} ${text.slice(11, 19)} UTC ${text.slice(0, 4)}\n`);
  }
  const fields: Record<string, string> = {
    Y: text.slice(0, 4),
    m: text.slice(5, 7),
    d: text.slice(8, 10),
    H: text.slice(11, 13),
    M: text.slice(14, 16),
    S: text.slice(17, 19),
    T: text.slice(11, 19),
    F: text.slice(0, 10),
    s: String(Math.floor(nowMs / 1000)),
    "%": "%",
  };
  return ok(
    `${format.slice(1).replace(/%(.)/g, (whole, name: string) => fields[name] ?? whole)}\n`,
  );
}
