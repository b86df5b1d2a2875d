/**
 * The kubelet's log endpoint: what a container's process printed, worked out anew for each reader.
 * Upstream: pkg/kubelet/kubelet_pods.go validateContainerLogStatus, pkg/kubelet/kuberuntime/logs/logs.go.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { badRequest } from "#apimachinery/status.ts";
import { microTimeText } from "#apimachinery/time.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import { rowOf } from "#kubelet/node/node-state.ts";
import { staticUid } from "#kubelet/node/static-pods.ts";
import type { ContainerRecord, Exit, PodRecord } from "#kubelet/pod-record.ts";

export interface LogRequest {
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  readonly sinceSeconds: number | undefined;
  readonly sinceMs: number | undefined;
}

interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/** One run of a container, as far as its log goes. */
export interface LogSource {
  /** Lines written in [fromMs, toMs), cluster time. */
  lines(fromMs: number, toMs: number): readonly LogLine[];
  readonly startedMs: number;
  /** When it ended; undefined: it runs. */
  readonly endedMs: number | undefined;
}

/** The record of a container that has a log. Throws 400 in upstream's words. */
export function logSource(
  kubelets: Kubelets,
  pod: V1Pod,
  container: string,
  previous: boolean,
): LogSource {
  const { name: podName = "", namespace = "" } = pod.metadata;
  const node = pod.spec?.nodeName ?? "";
  const uid = staticUid(pod) ?? pod.metadata.uid ?? "";
  const record = kubelets.state(node).disk.get<PodRecord>(rowOf(`${namespace}/${podName}`, uid));
  const found = record?.containers.find(({ name }) => name === container);
  if (previous) {
    if (found?.last === undefined)
      throw badRequest(
        `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(podName)} not found`,
      );
    return lastRun(kubelets, pod, found, found.last);
  }
  if (
    found === undefined ||
    found.id === "" ||
    found.state === "none" ||
    found.state === "created"
  ) {
    if (found?.last !== undefined) return lastRun(kubelets, pod, found, found.last);
    const reason = found?.waiting?.reason ?? "ContainerCreating";
    const trying =
      reason === "ErrImagePull" || reason === "ImagePullBackOff"
        ? "trying and failing to pull image"
        : reason;
    throw badRequest(
      `container ${JSON.stringify(container)} in pod ${JSON.stringify(podName)} is waiting to start: ${trying}`,
    );
  }
  return sourceOf(kubelets, pod, found, found.exit);
}

/** The run before the present one. */
const lastRun = (
  kubelets: Kubelets,
  pod: V1Pod,
  record: ContainerRecord,
  last: Exit,
): LogSource => {
  const { id, startedMs, heard } = last;
  return sourceOf(kubelets, pod, { ...record, id, startedMs, heard }, last);
};

function sourceOf(
  kubelets: Kubelets,
  pod: V1Pod,
  record: ContainerRecord,
  exit: Exit | undefined,
): LogSource {
  const process = kubelets.processes.of(pod, record);
  const { startedMs, id } = record;
  const endedMs = exit?.finishedMs;
  const state = kubelets.state(pod.spec?.nodeName ?? "");
  const printed = (fromMs: number, toMs: number): readonly LogLine[] =>
    [...(process?.lines(Math.max(0, fromMs - startedMs), toMs - startedMs) ?? [])].map(
      ({ atMs, text }) => ({ atMs: atMs + startedMs, text }),
    );
  return {
    startedMs,
    endedMs,
    lines: (fromMs, toMs) => {
      const until = Math.min(toMs, endedMs === undefined ? toMs : endedMs + 1);
      if (until <= fromMs) return [];
      const isAsked = ({ atMs }: LogLine): boolean => atMs >= fromMs && atMs < until;
      const own =
        exit?.saidMs === undefined
          ? printed(fromMs, until)
          : printed(startedMs, exit.saidMs + 1)
              .map(({ atMs, text }) => ({ atMs: Math.min(atMs, exit.finishedMs), text }))
              .filter(isAsked);
      const served = state.served(id).filter(isAsked);
      return served.length === 0
        ? own
        : [...own, ...served].toSorted((one, two) => one.atMs - two.atMs);
    },
  };
}

/** The whole log up to `nowMs`, as the reader wants it. */
export function logText(source: LogSource, asked: LogRequest, nowMs: number): string {
  const since = Math.max(
    source.startedMs,
    asked.sinceMs ?? 0,
    asked.sinceSeconds === undefined ? 0 : nowMs - asked.sinceSeconds * 1000,
  );
  let lines = source.lines(since, nowMs + 1);
  if (asked.tailLines !== undefined)
    lines = asked.tailLines === 0 ? [] : lines.slice(-asked.tailLines);
  return linesText(lines, asked.timestamps);
}

/** The first bytes of a text; a character that does not fit whole is left out. */
export function cut(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

/** Nanoseconds, as the kubelet writes them. Upstream: pkg/kubelet/types/constants.go RFC3339NanoFixed. */
const stamp = (atMs: number): string => microTimeText(atMs).replace("Z", "000Z");

export const linesText = (lines: readonly LogLine[], timestamps: boolean): string =>
  lines.map(({ atMs, text }) => `${timestamps ? `${stamp(atMs)} ` : ""}${text}\n`).join("");
