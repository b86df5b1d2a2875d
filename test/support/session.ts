/** One kubectl on one cluster, as a person types: `k.ok\`get pods -o name\``. */
import { expect } from "vitest";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";
import { type KubectlMinor, type Ran, run, type Started, start, tool } from "./tools.ts";

/** Words between spaces are arguments; what is interpolated is one argument, or part of one. */
type Typed<T> = (words: TemplateStringsArray, ...values: readonly string[]) => T;

export interface Session {
  readonly version: KubectlMinor;
  readonly cluster: Cluster;
  /** stdout, trimmed; the test fails when the command does. */
  readonly ok: Typed<Promise<string>>;
  /** stderr, trimmed; the test fails when the command does not. */
  readonly refused: Typed<Promise<string>>;
  /** stdout of a command that reads `input`. */
  with(input: string): Typed<Promise<string>>;
  /** stderr of a refused command that reads `input`. */
  refusedWith(input: string): Typed<Promise<string>>;
  readonly any: Typed<Promise<Ran>>;
  /** Words that are arguments already. */
  run(
    words: readonly string[],
    input?: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<Ran>;
  readonly started: Typed<Started>;
}

const mark = "\u0000";

function argumentsOf(words: TemplateStringsArray, values: readonly string[]): readonly string[] {
  const line = words.reduce((all, word, i) => `${all}${mark}${i - 1}${mark}${word}`);
  return line
    .trim()
    .split(/\s+/)
    .map((word) => {
      const parts = word.split(mark);
      return parts.map((part, i) => (i % 2 === 1 ? (values[Number(part)] ?? "") : part)).join("");
    });
}

export function session(cluster: Cluster, version: KubectlMinor = "35"): Session {
  const home = mkdtempSync(join(tmpdir(), "kubestep-home-"));
  const env = { KUBECONFIG: cluster.kubeconfig, KUBECACHEDIR: join(home, "cache"), HOME: home };
  const kubectl = tool("kubectl", version);
  const ask =
    (input: string): Typed<Promise<Ran>> =>
    (words, ...values) =>
      run(kubectl, argumentsOf(words, values), { input, env });
  const succeeding =
    (input: string): Typed<Promise<string>> =>
    async (words, ...values) => {
      const { code, stdout, stderr } = await ask(input)(words, ...values);
      expect(
        { code, stderr: code === 0 ? "" : stderr },
        argumentsOf(words, values).join(" "),
      ).toEqual({ code: 0, stderr: "" });
      return stdout.trim();
    };
  const failing =
    (input: string): Typed<Promise<string>> =>
    async (words, ...values) => {
      const { code, stdout, stderr } = await ask(input)(words, ...values);
      expect(
        { code, stdout: code === 0 ? stdout : "" },
        argumentsOf(words, values).join(" "),
      ).not.toMatchObject({ code: 0 });
      return stderr.trim();
    };
  return {
    version,
    cluster,
    ok: succeeding(""),
    refused: failing(""),
    with: succeeding,
    refusedWith: failing,
    any: ask(""),
    run: (words, input = "", more = {}) => run(kubectl, words, { input, env: { ...env, ...more } }),
    started: (words, ...values) => start(kubectl, argumentsOf(words, values), env),
  };
}
