/** exec: the command's exit code. Upstream: pkg/probe/exec/exec.go. */
import type { Prober } from "./probe.ts";

export const exec: Prober = {
  field: "exec",
  ask({ probe, self, hears }) {
    const command = probe.exec?.command ?? [];
    const ran = self.process.exec(command, self.atMs, hears);
    if (ran === undefined) {
      const [name = ""] = command;
      return {
        ok: false,
        output: `rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(name)}: executable file not found in $PATH`,
      };
    }
    return { ok: ran.code === 0, output: ran.output, isOpen: ran.isOpen };
  },
};
