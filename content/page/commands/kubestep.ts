/** `kubestep …`, as kubestep.sh has it. */
import { type Calls, flagsOf } from "./call.ts";

interface Said {
  readonly lines?: readonly string[];
  readonly reached?: boolean;
  readonly clock?: { readonly mode: string; readonly rev: number };
}

async function post(calls: Calls, path: string, body: unknown): Promise<Said> {
  const { code, text } = await calls.send(`${calls.world.base}/-/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  const said = JSON.parse(text) as Said & { message?: string };
  if (code >= 400) throw new Error(said.message ?? text);
  return said;
}

async function order(calls: Calls, body: unknown): Promise<string> {
  const { lines = [], reached = true, clock } = await post(calls, "clock", body);
  const end =
    lines.length === 0 ? [`clock ${clock?.mode ?? ""}, revision ${clock?.rev ?? ""}`] : [];
  return [...lines, ...end, ...(reached ? [] : ["not reached"])].join("\n");
}

async function told(calls: Calls, path: string): Promise<string> {
  const { code, text } = await calls.send(`${calls.world.base}/-/${path}`, {
    headers: { accept: "text/plain" },
  });
  if (code >= 400) throw new Error(text.trimEnd());
  return text.trimEnd();
}

export async function kubestep(words: readonly string[], calls: Calls): Promise<string> {
  const { flags, rest } = flagsOf(words);
  const [verb = "", first = ""] = rest;
  const until = flags.get("--until");
  switch (verb) {
    case "step":
      return order(calls, until === undefined ? { step: Number(first || 1) } : { until });
    case "until":
      return order(calls, { until: first });
    case "skip":
      return order(calls, { skip: first });
    case "play":
      return order(calls, { mode: first || "fast" });
    case "pause":
      return order(calls, { mode: "paused" });
    case "answer": {
      const answers = Object.fromEntries(rest.slice(1).map((pair) => pair.split(/=(.*)/s)));
      return ((await post(calls, "answer", answers)).lines ?? []).join("\n");
    }
    case "lesson":
      return told(calls, "lesson");
    case "trace":
      return told(
        calls,
        `trace?follow=0${flags.has("--type") ? `&type=${flags.get("--type")}` : ""}`,
      );
    case "journey":
    case "why":
      return told(calls, `${verb}/${rest.slice(1).join("/")}`);
    default:
      throw new Error(
        "kubestep step [n], step --until bound=3, skip 6m, play, pause, answer, lesson, trace, journey, why",
      );
  }
}
