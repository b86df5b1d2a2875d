/** A resize as its events tell it. */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import type { Worker } from "./worker.ts";

/** What is asked for, as events tell it. Upstream: pkg/kubelet/events/resize.go podResourceSummary. */
export function summary({ pod: { spec, metadata } }: Worker, error?: string): string {
  const shown = ({ name, resources = {} }: V1Container): object => {
    const { limits, requests } = resources;
    return {
      name,
      resources: {
        ...(limits === undefined ? {} : { limits: sorted(limits) }),
        ...(requests === undefined ? {} : { requests: sorted(requests) }),
      },
    };
  };
  const { initContainers, containers = [] } = spec ?? {};
  return JSON.stringify({
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(shown) }),
    containers: containers.map(shown),
    generation: metadata.generation ?? 1,
    ...(error === undefined ? {} : { error }),
  });
}
const sorted = (amounts: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(amounts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
