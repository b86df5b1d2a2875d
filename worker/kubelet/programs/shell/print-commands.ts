/** `echo` and `printf`. Upstream: busybox coreutils/echo.c, printf.c. */
import { ok, type Outcome } from "./outcome.ts";

const escapes = (text: string): string =>
  text.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll("\\\\", "\\");

export function echo(args: readonly string[]): Outcome {
  const flags = args.findIndex((arg) => !/^-[neE]+$/.test(arg));
  const words = flags < 0 ? [] : args.slice(flags);
  const set = (flags < 0 ? args : args.slice(0, flags)).join("");
  const text = set.includes("e") ? escapes(words.join(" ")) : words.join(" ");
  return ok(set.includes("n") ? text : `${text}\n`);
}

/** The format again and again while there are values left. */
export function printf([format = "", ...values]: readonly string[]): Outcome {
  const form = /%(-?)(0?)(\d*)(?:\.(\d+))?([sdiuxXocfb%])/g;
  let next = 0;
  let out = "";
  do {
    const before = next;
    out += escapes(format).replace(
      form,
      (
        whole,
        left: string,
        zero: string,
        width: string,
        digits: string | undefined,
        verb: string,
      ) => {
        if (verb === "%") return "%";
        const value = values[next++] ?? "";
        const text = shownAs(verb, value, digits);
        if (left !== "") return text.padEnd(Number(width));
        return text.padStart(Number(width), zero === "" || verb === "s" ? " " : "0");
      },
    );
    if (next === before) break;
  } while (next < values.length);
  return ok(out);
}
function shownAs(verb: string, value: string, digits: string | undefined): string {
  switch (verb) {
    case "d":
    case "i":
    case "u":
      return String(Math.trunc(Number(value) || 0));
    case "x":
      return Math.trunc(Number(value) || 0).toString(16);
    case "X":
      return Math.trunc(Number(value) || 0)
        .toString(16)
        .toUpperCase();
    case "o":
      return Math.trunc(Number(value) || 0).toString(8);
    case "f":
      return (Number(value) || 0).toFixed(Number(digits ?? 6));
    case "c":
      return value.slice(0, 1);
    case "b":
      return escapes(value);
    default:
      return digits === undefined ? value : value.slice(0, Number(digits));
  }
}
