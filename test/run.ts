/** Runs every test and ends with one line that says how many passed and failed. */
import { type RunnerTask, startVitest } from "vitest/node";
import { holding, upstream } from "#content/build/conformance.ts";

const leaves = (task: RunnerTask): readonly RunnerTask[] =>
  "tasks" in task ? task.tasks.flatMap(leaves) : [task];

/** The score of each group of the conformance folder. */
function conformance(files: readonly RunnerTask[]): readonly string[] {
  return files
    .filter(({ name }) => name.includes("conformance/"))
    .map((file) => {
      const checks = leaves(file);
      const held = checks.filter(({ result }) => result?.state === "pass").length;
      return `conformance ${file.name.replace(/^.*conformance\/(.*)\.test\.ts$/, "$1").padEnd(12)} ${held} of ${checks.length}`;
    })
    .toSorted();
}

const vitest = await startVitest("test", process.argv.slice(2), { watch: false });
const files = vitest.state.getFiles();
const tests = files.flatMap(leaves);
const count = (state: string): number =>
  tests.filter(({ result }) => result?.state === state).length;
const passed = count("pass");
const failed = count("fail");
// A file that could not be loaded has no tests, and an error outside of them belongs to none.
const broken = files.filter(
  ({ result, tasks }) => result?.state === "fail" && tasks.length === 0,
).length;
const errors = vitest.state.getUnhandledErrors().length + broken;
await vitest.close();
for (const line of conformance(files)) console.log(line);
const { groups } = upstream();
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
console.log(
  `conformance of upstream's list ${sum(groups.map(holding))} of ${sum(groups.map(({ all }) => all))}`,
);
console.log(`${passed} passed, ${failed + errors} failed`);
process.exit(failed + errors === 0 && passed > 0 ? 0 : 1);
