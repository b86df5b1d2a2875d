/** Images whose program is the shell: what runs is what the Pod says. */
import { isCommand, script } from "#kubelet/programs/script.ts";
import type { Program } from "#kubelet/programs/process.ts";
import type { Image } from "./image.ts";
import { busyboxTools } from "./tools.ts";

export const busybox: Image = {
  repository: "docker.io/library/busybox",
  tags: /^(latest|stable|glibc|musl|uclibc|1\.\d{2}(\.\d+)?)(-(glibc|musl|uclibc))?$/,
  sizeBytes: 2_156_500,
  cmd: ["sh"],
  tools: busyboxTools,
};
export const alpine: Image = {
  repository: "docker.io/library/alpine",
  tags: /^(latest|edge|3|3\.\d{1,2}(\.\d+)?)$/,
  sizeBytes: 3_800_000,
  cmd: ["/bin/sh"],
  tools: busyboxTools,
};
export const ubuntu: Image = {
  repository: "docker.io/library/ubuntu",
  tags: /^(latest|rolling|noble|jammy|focal|2\d\.\d{2})$/,
  sizeBytes: 29_700_000,
  cmd: ["/bin/bash"],
};
export const debian: Image = {
  repository: "docker.io/library/debian",
  tags: /^(latest|stable|(trixie|bookworm|bullseye|13|12|11)(\.\d+)?(-slim)?)$/,
  sizeBytes: 49_300_000,
  cmd: ["bash"],
};

const curlTools: readonly string[] = [...busyboxTools, "curl"];
/** Its entrypoint runs a command when it is given one, else curl with what it is given. */
const curlOrCommand: Program = (run) => {
  const [, ...args] = run.argv;
  const [first = "-"] = args;
  const argv = !first.startsWith("-") && isCommand(first, curlTools) ? args : ["curl", ...args];
  return script(undefined, [])({ ...run, argv });
};
export const curl: Image = {
  repository: "docker.io/curlimages/curl",
  tags: /^(latest|\d+\.\d+\.\d+)$/,
  sizeBytes: 10_500_000,
  entrypoint: ["/entrypoint.sh"],
  cmd: ["curl"],
  tools: curlTools,
  program: curlOrCommand,
  user: "curl_user",
};
