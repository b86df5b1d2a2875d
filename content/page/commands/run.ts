/** Runs a block of commands one after another and tells each as an entry of the transcript. */
import { Calls, type World } from "./call.ts";
import { curl, helperWords } from "./curl.ts";
import { kubectl } from "./kubectl.ts";
import { kubestep } from "./kubestep.ts";
import { type Command, commandsOf } from "./shell.ts";

export interface Ran {
  readonly output: string;
  readonly failed: boolean;
  readonly requests: number;
}

async function run(words: readonly string[], input: string, calls: Calls): Promise<string> {
  const [program = "", ...rest] = words;
  if (program === "kubectl" || program === "k") return kubectl(rest, calls);
  if (program === "kubestep") return kubestep(rest, calls);
  if (program === "curl") return curl(rest, input, calls);
  const helper = helperWords(program);
  if (helper !== undefined) return curl([...helper, ...rest], input, calls);
  throw new Error(`${program}: the page knows kubectl, kubestep and curl`);
}

async function runOne({ words, from, input }: Command, calls: Calls): Promise<string> {
  const given =
    from !== undefined
      ? await run(from, "", calls)
      : input === undefined
        ? ""
        : await calls.world.file(input);
  return run(words, given, calls);
}

const variablesOf = ({ base, host }: World): Record<string, string> => ({
  H: host,
  KS: base,
  X: `${base}/-`,
  D: `${base}/apis/apps/v1/namespaces/default/deployments`,
  P: `${base}/api/v1/namespaces/default/pods`,
});

export async function runBlock(source: string, world: World): Promise<Ran> {
  const calls = new Calls(world);
  const outputs: string[] = [];
  let failed = false;
  try {
    for (const command of commandsOf(source, variablesOf(world)))
      outputs.push(await runOne(command, calls));
  } catch (error) {
    failed = true;
    outputs.push(error instanceof Error ? error.message : String(error));
  }
  return {
    output: outputs.filter((text) => text !== "").join("\n"),
    failed,
    requests: calls.count,
  };
}
