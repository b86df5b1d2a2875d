/** GET /version. Upstream: apimachinery/pkg/version/types.go. */
import type { NonResource } from "./non-resource.ts";

/** The Kubernetes release whose behaviour this server has. */
export const release = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.2",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "2026-06-10T00:00:00Z",
  goVersion: "none",
  compiler: "kubestep",
  platform: "linux/amd64",
} as const;

/** Always indented, as upstream's WriteRawJSON has it. */
export const version: NonResource = (_, path) =>
  path === "/version" || path === "/version/"
    ? new Response(JSON.stringify(release, null, 2), {
        headers: { "content-type": "application/json" },
      })
    : undefined;
