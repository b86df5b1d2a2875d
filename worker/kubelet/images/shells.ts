/** Images whose program is the shell: what runs is what the Pod says. */
import type { Image } from "./image.ts";

export const busybox: Image = {
  repository: "docker.io/library/busybox",
  tags: /^(latest|stable|glibc|musl|uclibc|1\.\d{2}(\.\d+)?)(-(glibc|musl|uclibc))?$/,
  sizeBytes: 2_156_500,
  cmd: ["sh"],
};
export const alpine: Image = {
  repository: "docker.io/library/alpine",
  tags: /^(latest|edge|3|3\.\d{1,2}(\.\d+)?)$/,
  sizeBytes: 3_800_000,
  cmd: ["/bin/sh"],
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
export const curl: Image = {
  repository: "docker.io/curlimages/curl",
  tags: /^(latest|\d+\.\d+\.\d+)$/,
  sizeBytes: 10_500_000,
  entrypoint: ["/entrypoint.sh"],
  cmd: ["curl"],
  user: "curl_user",
};
