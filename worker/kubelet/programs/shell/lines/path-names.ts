/** Names of paths taken apart. Upstream: busybox coreutils/basename.c, dirname.c. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { ok } from "#kubelet/programs/shell/outcome.ts";

export const basename: Command = ([path = "", suffix = ""]) => {
  const name = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return ok(
    `${suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  );
};

export const dirname: Command = ([path = ""]) => {
  const at = path.replace(/\/+$/, "").lastIndexOf("/");
  return ok(`${at < 0 ? "." : at === 0 ? "/" : path.slice(0, at)}\n`);
};
