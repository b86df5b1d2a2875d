/** What was seen of nodes and Pods → what the picture draws. */
import type { PictureFacts, PictureNode, PicturePod } from "#cluster/platform/routes/picture.ts";
import type {
  NodeSeen,
  PodSeen,
  PodState,
  Recording,
  Seen,
} from "#content/page/picture/recording.ts";

function stateOf({ node, phase, ready, leaving, reason }: PicturePod): PodState {
  if (leaving) return "leaving";
  if (phase === "Succeeded") return "done";
  if (phase === "Failed" || /BackOff|Err|Error|Invalid/.test(reason)) return "failed";
  if (ready) return "ready";
  if (phase === "Running") return "running";
  return node === "" ? "pending" : "bound";
}

const wordOf = (pod: PicturePod, state: PodState): string =>
  state === "failed"
    ? pod.reason || pod.phase
    : {
        leaving: "Terminating",
        done: "Completed",
        ready: "Ready",
        running: "Running",
        bound: "Pending",
        pending: "Pending",
      }[state];

export function podSeen(pod: PicturePod): PodSeen {
  const state = stateOf(pod);
  return {
    key: `${pod.namespace}/${pod.name}`,
    node: pod.node,
    state,
    word: wordOf(pod, state),
    ip: pod.ip,
  };
}

const gibi = (memory: string): string => {
  const [, amount = "", unit = ""] = /^(\d+)(Ki|Mi|Gi)?/.exec(memory) ?? [];
  const bytes = Number(amount) * ({ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[unit] ?? 1);
  return `${Math.round(bytes / 2 ** 30)} GiB`;
};

export function nodeSeen({
  name,
  ready,
  unschedulable,
  taints,
  cpu,
  memory,
  cidr,
}: PictureNode): NodeSeen {
  return {
    name,
    ready,
    unschedulable,
    taints,
    cidr,
    room: cpu === "" ? "" : `${cpu} CPU, ${gibi(memory)}`,
  };
}

/** The first look: what there was before the events that are kept. */
export function startedWith(recording: Recording, facts: PictureFacts): Recording {
  const since = recording.events[0]?.rev ?? Number.POSITIVE_INFINITY;
  const created = new Set(
    recording.events
      .filter(({ type, verb }) => type === "commit" && verb === "create")
      .map(({ obj }) => obj),
  );
  const before = facts.pods.filter(
    ({ namespace, name }) => !created.has(`pods/${namespace}/${name}`),
  );
  return {
    ...recording,
    rev: Number.isFinite(since) ? since - 1 : facts.rev,
    nodes: facts.nodes.map(nodeSeen),
    pods: before.map(podSeen),
  };
}

/** Adds what is new in `facts`, in the order of revisions. */
export function looked(recording: Recording, facts: PictureFacts): Recording {
  const known = new Map<string, number>();
  for (const one of recording.seen) known.set("pod" in one ? one.pod.key : one.node.name, one.rev);
  const fresh: Seen[] = [
    ...facts.pods
      .filter(({ namespace, name, rev }) => known.get(`${namespace}/${name}`) !== rev)
      .map((pod) => ({ rev: pod.rev, pod: podSeen(pod) })),
    ...facts.nodes
      .filter(({ name, rev }) => known.get(name) !== rev)
      .map((node) => ({ rev: node.rev, node: nodeSeen(node) })),
  ];
  if (fresh.length === 0) return recording;
  return { ...recording, seen: [...recording.seen, ...fresh].toSorted((a, b) => a.rev - b.rev) };
}
