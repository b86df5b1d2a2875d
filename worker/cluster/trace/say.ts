/** One sentence for each type of trace event: present tense, an actor, a verb, an object. */
import type { FactData, FactType } from "#apimachinery/trace.ts";

/** What a sentence may use besides the event's data. */
export interface Scene {
  readonly actor: string;
  readonly verb: string;
  readonly obj: string;
  readonly rev: number;
}

type Sentences = { readonly [T in FactType]: (data: FactData[T], scene: Scene) => string };

const done: Readonly<Record<string, string>> = {
  create: "creates",
  update: "updates",
  patch: "patches",
  delete: "deletes",
  deletecollection: "deletes",
};
const who = (actor: string): string => (actor === "learner" ? "You" : actor);
const verbOf = ({ actor, verb }: Scene): string => {
  const text = done[verb] ?? verb;
  return actor === "learner" ? text.replace(/s$/, "") : text;
};

const sentences: Sentences = {
  request: ({ code, dryRun, message }, { actor, verb, obj }) =>
    `${who(actor)}: ${verb} ${obj}${dryRun ? " (dry run)" : ""} → ${code}${message === "" ? "" : ` ${message}`}`,
  stage: ({ stage, ok, code, detail }) =>
    `gate ${stage}: ${ok ? "passed" : `refused, ${code}`}${detail === "" ? "" : `; ${detail}`}`,
  commit: (_, scene) => `rev ${scene.rev} ${who(scene.actor)} ${verbOf(scene)} ${scene.obj}`,
  etcd: ({ key, count }, { actor }) => `${who(actor)} read ${count} keys from etcd under ${key}`,
  watch: ({ event }, { actor, obj }) => `${who(actor)} is told: ${obj} ${event}`,
  filter: ({ node, plugin, ok, reason }) =>
    ok ? `${node} passes ${plugin}` : `${node} drops out at ${plugin}: ${reason}`,
  score: ({ node, plugin, score }) => `${plugin} gives ${node} ${score}`,
  schedule: ({ evaluated, feasible, chosen, message }) =>
    chosen === ""
      ? `no node fits: ${message}`
      : `${evaluated} nodes, ${feasible} feasible; ${chosen} wins`,
  cri: ({ call, node, args, error }) =>
    `kubelet ${node} calls ${call}(${args})${error === "" ? "" : `: ${error}`}`,
  cni: ({ call, ip, node }) => `CNI ${call} on ${node}: ${ip}`,
  probe: ({ kind, ok, container, output }) =>
    `${kind} probe of ${container} ${ok ? "succeeds" : `fails: ${output}`}`,
  backoff: ({ seconds, container, restart }) =>
    `${container} waits ${seconds} s before restart ${restart}`,
  rules: ({ node, text }) => `kube-proxy ${node} writes iptables rules: ${text}`,
  election: ({ leader, term }) => `${leader} leads, term ${term}`,
  fault: ({ kind }) => `fault ${kind}`,
  clock: ({ op }) => `clock: ${op}`,
  packet: ({ fromNode, toNode, service, code }) =>
    `packet ${fromNode} → ${service} → ${toNode}: ${code}`,
};

const longest = 120;

/** The sentence of an event, at most 120 characters. */
export function say<T extends FactType>(type: T, data: FactData[T], scene: Scene): string {
  const text = (sentences[type] as (data: FactData[T], scene: Scene) => string)(data, scene);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
