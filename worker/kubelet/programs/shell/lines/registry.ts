/** Every command that reads text and writes some of it, by its name. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { awk } from "./awk.ts";
import { cut } from "./cut.ts";
import { grep } from "./grep.ts";
import { basename, dirname } from "./path-names.ts";
import { sed } from "./sed.ts";
import { sort } from "./sort.ts";
import { head, tail } from "./ends.ts";
import { tr } from "./tr.ts";
import { uniq } from "./uniq.ts";
import { wc } from "./wc.ts";

export const lineCommands: Readonly<Record<string, Command>> = {
  awk,
  basename,
  cut,
  dirname,
  grep,
  head,
  sed,
  sort,
  tail,
  tr,
  uniq,
  wc,
};
