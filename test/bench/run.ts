/**
 * `npm run bench`: every benchmark, or those that are named (`npm run bench -- writes reads`).
 * `--profile DIR` also writes what workerd did during each of them and prints the most costly functions.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Inspector, openInspector } from "./inspector.ts";
import { load, machine } from "./machine.ts";
import { benches } from "./registry.ts";
import { line } from "./report.ts";
import { newWorld } from "./world.ts";

/** Functions printed of a profile. */
const shown = 40;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: "string" } },
});
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(", ")}; there are:`);
  for (const { name, title } of benches) console.error(`  ${name.padEnd(12)}${title}`);
  process.exit(1);
}
const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const startMs = performance.now();
console.log(`${machine()}; load ${load()} at the start\n`);
const world = await newWorld(values.profile !== undefined);
for (const bench of chosen) {
  console.log(`${bench.name}: ${bench.title}`);
  let inspector: Inspector | undefined;
  if (values.profile !== undefined) {
    const { inspectorPort = 0 } = await world.product();
    inspector = await openInspector(inspectorPort);
    await inspector.startProfile();
  }
  for (const figure of await bench.run(world)) console.log(line(figure));
  if (inspector !== undefined && values.profile !== undefined) {
    mkdirSync(values.profile, { recursive: true });
    const file = join(values.profile, `${bench.name}.cpuprofile`);
    console.log(`  ${file}: own ms, with callees, function:line`);
    for (const { name, ownMs, totalMs } of (await inspector.stopProfile(file)).slice(0, shown))
      console.log(`  ${ownMs.toFixed(0).padStart(8)}${totalMs.toFixed(0).padStart(8)}  ${name}`);
    inspector.close();
  }
  console.log("");
}
await world.end();
const seconds = Math.round((performance.now() - startMs) / 1000);
console.log(`${seconds} s; load ${load()} at the end`);
