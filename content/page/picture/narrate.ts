/**
 * What the narrator says of a beat: one sentence of at most 64 characters, one reason of at most 80.
 * `**bold**` and `*italic*` are the only marks.
 */
import { gates } from "#apimachinery/trace.ts";
import { type Beat, beatsOf, type LocalBeat, type RequestBeat } from "./beats.ts";
import type { Recording } from "./recording.ts";
import { kindOf, objectName, shortName } from "./token.ts";
import { arriveAt, commitAt } from "./walk.ts";

export interface Narration {
  readonly say: string;
  readonly why: string;
}

const actors: Readonly<Record<string, string>> = {
  learner: "You",
  "kube-scheduler": "The scheduler",
  "kube-apiserver": "The API server",
};

export function actorName(actor: string): string {
  const [program = "", node = ""] = actor.split(" ");
  if (program === "kubelet" && node !== "") return `The kubelet on ${node}`;
  if (program === "kube-proxy" && node !== "") return `kube-proxy on ${node}`;
  return actors[actor] ?? `The ${actor.replaceAll("-", " ")}`;
}

const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
const subject = (obj: string): string => {
  const { resource, name } = objectName(obj);
  return name === "" ? resource : `${kindOf(resource)} ${shortName(name)}`;
};

const verbs: Readonly<Record<string, string>> = {
  create: "create",
  update: "update",
  patch: "change",
  delete: "delete",
  deletecollection: "delete",
};

const whys: readonly (readonly [(beat: RequestBeat) => boolean, string])[] = [
  [
    ({ obj }) => obj.endsWith("/binding"),
    "One name is all it writes. No container runs, and no node knows yet.",
  ],
  [
    ({ obj, place }) => obj.startsWith("deployments/") && place === "laptop",
    "“Created” means stored, no more: no Pod exists yet.",
  ],
  [
    ({ obj }) => obj.startsWith("deployments/"),
    "Status is written by whoever watches, through the same door.",
  ],
  [
    ({ obj, verb }) => obj.startsWith("replicasets/") && verb === "create",
    "A Deployment never makes Pods. It keeps one ReplicaSet for each version.",
  ],
  [
    ({ obj, verb, place }) =>
      obj.startsWith("pods/") && verb === "create" && place === "controllers",
    "The Pod is Pending: stored, and no node is named.",
  ],
  [
    ({ obj, place }) =>
      obj.startsWith("pods/") && obj.endsWith("/status") && place.startsWith("node/"),
    "The kubelet reports what it sees. It never reads etcd.",
  ],
  [
    ({ obj }) => obj.startsWith("events/"),
    "An Event is an object too: a note for people, with an end date.",
  ],
  [
    ({ obj }) => obj.startsWith("leases/"),
    "A Lease says: I am alive, and for how long to believe it.",
  ],
  [
    ({ obj }) => obj.startsWith("endpointslices/"),
    "Only Ready Pods are listed; the node's proxies read this.",
  ],
];

function atGate(beat: RequestBeat, t: number): string | undefined {
  if (t >= arriveAt) return undefined;
  const gate = Math.floor((t - 0.18) / 0.105) + 1;
  if (gate < 1 || gate > 7) return undefined;
  const stops = beat.outcome === "refused" ? beat.passes + 1 : beat.passes;
  return gate <= stops ? `gate ${gate} of 7, *${gates[gate - 1]}*` : undefined;
}

function requestSays(beat: RequestBeat, t: number): Narration {
  const who = actorName(beat.actor);
  const what = subject(beat.obj);
  const bold = what.replace(/^(\S+)/, "**$1**");
  const reason = whys.find(([applies]) => applies(beat))?.[1] ?? "";
  if (beat.outcome === "refused" && t >= 0.18 + (beat.passes + 0.5) * 0.105) {
    const gate = gates[beat.passes] ?? "commit";
    return {
      say: `Gate ${beat.passes + 1}, *${gate}*, refuses: **${beat.code}**.`,
      why: clip(
        beat.message === ""
          ? "Nothing was stored."
          : `${beat.message.replace(/\.?$/, ".")} Nothing was stored.`,
        110,
      ),
    };
  }
  const gate = atGate(beat, t);
  if (gate !== undefined && t < 1) {
    const whose = beat.actor === "learner" ? "Your" : `${who}’s`;
    const thing = beat.obj.endsWith("/binding")
      ? `**Binding** for ${shortName(objectName(beat.obj).name)}`
      : beat.outcome === "read"
        ? `request for ${what}`
        : bold;
    return { say: `${whose} ${thing} is at ${gate}.`, why: reason };
  }
  const deed = beat.obj.endsWith("/binding")
    ? `bind **${shortName(objectName(beat.obj).name)}** to **${beat.target || "a node"}**`
    : `${verbs[beat.verb] ?? beat.verb} ${bold}`;
  if (t < 0.5)
    return {
      say: `${who} ask${beat.actor === "learner" ? "" : "s"} to ${deed}.`,
      why: "Every request enters by the same door, whoever sends it.",
    };
  switch (beat.outcome) {
    case "stored":
      if (t < commitAt) return { say: `${bold} passed all seven gates.`, why: reason };
      if (beat.obj.endsWith("/binding")) {
        return {
          say: `Revision **${beat.rev}**: ${shortName(objectName(beat.obj).name)} belongs to **${beat.target || "a node"}**.`,
          why: reason,
        };
      }
      return {
        say: `${bold} is ${beat.verb === "delete" ? "deleted at" : "stored as"} revision **${beat.rev}**.`,
        why: reason,
      };
    case "dry-run":
      return {
        say: `${bold} passed every gate but the last.`,
        why: "A dry run asks what would happen. Nothing was stored.",
      };
    case "unchanged":
      return {
        say: `${bold} is as it was: nothing is written.`,
        why: "A write that changes nothing makes no revision.",
      };
    default:
      return {
        say: `${who} read${beat.actor === "learner" ? "" : "s"} **${what}**: ${beat.code}.`,
        why: "A read passes two gates and is answered from memory.",
      };
  }
}

const calls: Readonly<Record<string, readonly [string, string]>> = {
  RunPodSandbox: [
    "sets up the sandbox of",
    "The sandbox brings the network, and with it the Pod’s address.",
  ],
  PullImage: [
    "pulls the image for",
    "Images are kept on the node: the next Pod of this image need not wait.",
  ],
  CreateContainer: [
    "creates a container for",
    "Created is not started: the process does not run yet.",
  ],
  StartContainer: [
    "starts a container of",
    "Now a process runs. Nobody outside this node knows yet.",
  ],
  StopContainer: ["stops a container of", "First a signal, then the grace period, then the end."],
  StopPodSandbox: ["takes down the sandbox of", "The address goes back to the node’s range."],
  RemovePodSandbox: ["clears away the sandbox of", "Nothing of the Pod is left on this node."],
  RemoveContainer: ["clears away a container of", "Its log goes with it."],
};

function localSays(beat: LocalBeat): Narration {
  const pod = shortName(objectName(beat.obj).name);
  const kubelet = `The kubelet on **${beat.node}**`;
  if (beat.type === "cni")
    return {
      say: `The network gives **${pod}** the address ${beat.ip || "it asked for"}.`,
      why: "It comes from the node’s own range. Nothing left the node.",
    };
  if (beat.type === "probe")
    return {
      say: `The ${beat.call} probe of **${pod}** ${beat.ok ? "succeeds" : "fails"}.`,
      why: beat.ok
        ? "The kubelet asks the container itself, on its own port."
        : clip(beat.detail, 80),
    };
  if (beat.type === "backoff")
    return {
      say: `**${pod}** waits ${beat.detail} before its next start.`,
      why: "Each failure doubles the wait, up to five minutes.",
    };
  if (beat.type === "rules")
    return {
      say: `kube-proxy on **${beat.node}** rewrites its rules.`,
      why: "No packet passes through kube-proxy: it only writes the rules.",
    };
  const [verb, why] = calls[beat.call] ?? [
    `calls ${beat.call} for`,
    "This call stays inside the node.",
  ];
  return { say: `${kubelet} ${verb} **${pod}**.`, why: beat.ok ? why : clip(beat.detail, 80) };
}

export function narrate(recording: Recording, cursor: number, t: number): Narration {
  const beat = beatsOf(recording.events)[cursor];
  if (beat === undefined) {
    return {
      say: "Nothing has happened yet.",
      why: "Send the cluster its first wish, then step through what follows.",
    };
  }
  return narrateBeat(beat, t);
}

export function narrateBeat(beat: Beat, t: number): Narration {
  switch (beat.kind) {
    case "request":
      return requestSays(beat, t);
    case "watch": {
      const place = actorName(beat.actor).replace(/^The /, "");
      return {
        say: `A bell rings at the **${place}**: ${shortName(objectName(beat.obj).name)} was **${beat.event}**.`,
        why: "It asked once to be told of changes; the API server kept the line open.",
      };
    }
    case "filter": {
      const pod = shortName(objectName(beat.obj).name);
      const n = beat.refused.length;
      if (beat.feasible === 0 && beat.evaluated > 0 && beat.message !== "") {
        return { say: `The **scheduler** finds no node for ${pod}.`, why: clip(beat.message, 110) };
      }
      const plugin = beat.refused[0]?.plugin;
      if (n === 0)
        return {
          say: `The **scheduler** keeps all ${beat.evaluated} nodes for ${pod}.`,
          why: "It asked no node. It read Node objects through the API server.",
        };
      return {
        say: `The **scheduler** drops ${n} node${n === 1 ? "" : "s"} for ${pod}: ${beat.feasible} remain.`,
        why:
          plugin === "TaintToleration"
            ? `${pod} tolerates the taint of none of them. The scheduler asked no node.`
            : `${plugin} refused. It asked no node: it read Node objects.`,
      };
    }
    case "rank":
      return {
        say: `${beat.feasible === 1 ? "One node is left" : `${beat.feasible} nodes are ranked`}. **${beat.chosen}** wins.`,
        why:
          beat.feasible === 1
            ? "With one node there is nothing to compare."
            : "Points for taints, spread, fit and balance, added up.",
      };
    case "local":
      return localSays(beat);
    default:
      return { say: clip(beat.say, 64), why: "" };
  }
}

/** What comes after this moment, without the word “Next”. */
export function nextOf(recording: Recording, cursor: number, t: number): string {
  const beats = beatsOf(recording.events);
  const beat = beats[cursor];
  if (beat?.kind === "request" && t < arriveAt && t < 1) {
    const gate = Math.max(0, Math.floor((t - 0.18) / 0.105) + 1);
    const stops = beat.outcome === "refused" ? beat.passes + 1 : beat.passes;
    if (gate < stops) return `gate ${gate + 1}, ${gates[gate]}`;
    if (beat.outcome === "stored") return "etcd";
  }
  const next = beats[cursor + 1];
  if (next === undefined) return "";
  const who = actorName(next.actor).replace(/^The /, "");
  switch (next.kind) {
    case "request":
      return `${next.actor === "learner" ? "you" : who}, ${next.verb} ${objectName(next.obj).resource}`;
    case "watch":
      return `a bell at ${who.startsWith("kubelet") ? "the " : "the "}${who}`;
    case "filter":
      return "filter";
    case "rank":
      return "rank";
    case "local":
      return `${next.call} on ${next.node}`;
    default:
      return "";
  }
}
