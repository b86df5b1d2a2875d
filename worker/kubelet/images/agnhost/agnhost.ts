/**
 * agnhost, the image of upstream's end-to-end tests: many small programs in one.
 * Upstream: test/images/agnhost/agnhost.go.
 * Differs: of its subcommands those of the registry are here; any other one runs and does nothing, because nobody has simulated it.
 */
import type { Image } from "#kubelet/images/image.ts";
import { busyboxTools } from "#kubelet/images/tools.ts";
import { quiet } from "#kubelet/programs/process.ts";
import { subcommands } from "./registry.ts";
import { started } from "./subcommand.ts";

export const agnhost: Image = {
  repository: "registry.k8s.io/e2e-test-images/agnhost",
  tags: /^2\.\d+(\.\d+)?$/,
  tools: [...busyboxTools, "curl"],
  sizeBytes: 51_700_000,
  entrypoint: ["/agnhost"],
  cmd: ["pause"],
  program(run) {
    const found = subcommands.find(({ name }) => name === run.argv[1]);
    return found === undefined ? quiet : started(found, run);
  },
};
