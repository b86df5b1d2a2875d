/** What every image of the catalogue must do: be found, start, answer on its ports, stop within the grace. */
import { describe, expect, test } from "vitest";
import { lookUp } from "#kubelet/images/catalogue.ts";
import { images } from "#kubelet/images/registry.ts";
import { cannotStart, processOf } from "#kubelet/programs/start.ts";

const minuteMs = 60_000;
const graceMs = 30_000;

/** What some will not start without, as the real ones. */
const env = { POSTGRES_PASSWORD: "secret", MYSQL_ROOT_PASSWORD: "secret" };
const wanted: Readonly<Record<string, readonly string[]>> = {
  "docker.io/hashicorp/http-echo": ["-text=hello"],
};

describe.each(images.map((image) => [image.repository, image] as const))(
  "%s",
  (repository, image) => {
    const argv = [...(image.entrypoint ?? []), ...(image.cmd ?? []), ...(wanted[repository] ?? [])];
    const ports = image.ports ?? [];
    const run = { argv, env, hostname: "web", ports, startedMs: 0 };

    test("is found by its name, and weighs something", () => {
      expect(repository).toMatch(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9/._-]+$/);
      const name = `${repository}:latest`;
      const found = lookUp({
        repository,
        tag: image.tags?.test("latest") === false ? "" : "latest",
        name,
        digest: "",
      });
      expect(found).toBe(image);
      expect(image.sizeBytes).toBeGreaterThan(100_000);
    });

    test("starts, and runs until it is stopped", () => {
      if (argv.length === 0) return expect(cannotStart(image, argv)).toBe("no command specified");
      expect(cannotStart(image, argv)).toBeUndefined();
      const process = processOf(image, run);
      const lines = [...process.lines(0, minuteMs)];
      expect([...process.lines(0, minuteMs)]).toEqual(lines);
      expect(lines.map(({ atMs }) => atMs)).toEqual(
        lines.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
      );
    });

    test("listens on the ports it exposes, and on no other", () => {
      if (argv.length === 0) return;
      const process = processOf(image, run);
      expect(ports.filter((port) => !process.listens(port, minuteMs))).toEqual([]);
      expect(process.listens(1, minuteMs)).toBe(false);
    });

    test("stops within the grace", () => {
      if (argv.length === 0 || ports.length === 0) return;
      const stopped = processOf(image, run).signal(image.stopSignal ?? "SIGTERM");
      expect(stopped?.afterMs).toBeLessThan(graceMs);
    });
  },
);

test("no image is listed twice", () => {
  expect(new Set(images.map(({ repository }) => repository)).size).toBe(images.length);
});
