/**
 * The language of checks: CEL with the words of a cluster.
 *
 *   list("pods"), list("leases", "kube-system"), get("deployments", "web")
 *   cond(object, "Ready") → "True", "False", "Unknown" or ""
 *   waiting(pod) → reason of the first waiting container, or "" · restarts(pod) → their sum
 *   endpoints("web") → addresses of the Service's ready endpoints
 *   trace, answer, fleet → variables
 *
 * An error while evaluating (a field that is not there, two types that do not compare) is false:
 * a check says what must be, and what cannot be read is not.
 */
import { Environment } from "@marcbachmann/cel-js";
import type { CheckedObject, ClusterView } from "./view.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
}
interface ContainerStatus {
  readonly restartCount?: number;
  readonly state?: { readonly waiting?: { readonly reason?: string } };
}
interface Status {
  readonly conditions?: readonly Condition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}
interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean };
}

const statusOf = (object: CheckedObject): Status => (object["status"] ?? {}) as Status;
const containersOf = (pod: CheckedObject): readonly ContainerStatus[] => {
  const { initContainerStatuses = [], containerStatuses = [] } = statusOf(pod);
  return [...initContainerStatuses, ...containerStatuses];
};
const serviceLabel = "kubernetes.io/service-name";

function condition(object: CheckedObject, type: string): string {
  return statusOf(object).conditions?.find((one) => one.type === type)?.status ?? "";
}

function waiting(pod: CheckedObject): string {
  for (const { state } of containersOf(pod))
    if (state?.waiting?.reason) return state.waiting.reason;
  return "";
}

/** CEL's `int` is a bigint. */
function restarts(pod: CheckedObject): bigint {
  return containersOf(pod).reduce((sum, { restartCount = 0 }) => sum + BigInt(restartCount), 0n);
}

function endpoints(view: ClusterView, service: string): string[] {
  return view
    .list("endpointslices")
    .filter(
      (slice) =>
        (slice.metadata as { labels?: Record<string, string> }).labels?.[serviceLabel] === service,
    )
    .flatMap((slice) => (slice["endpoints"] ?? []) as readonly Endpoint[])
    .filter((endpoint) => endpoint.conditions?.ready !== false)
    .flatMap((endpoint) => endpoint.addresses);
}

type Program = (context: Record<string, unknown>) => unknown;

/** Evaluates checks; keeps each expression parsed. Not re-entrant: one view at a time. */
export class Checker {
  readonly #environment: Environment;
  readonly #programs = new Map<string, Program>();
  #view: ClusterView | undefined;

  constructor() {
    const view = (): ClusterView => {
      if (this.#view === undefined) throw new Error("no cluster is being looked at");
      return this.#view;
    };
    this.#environment = new Environment({ unlistedVariablesAreDyn: false })
      .registerVariable("trace", "list<dyn>")
      .registerVariable("answer", "map<string, dyn>")
      .registerVariable("fleet", "list<dyn>")
      .registerFunction("list(string): list<dyn>", (resource: string) => view().list(resource))
      .registerFunction("list(string, string): list<dyn>", (resource: string, namespace: string) =>
        view().list(resource, namespace),
      )
      .registerFunction("get(string, string): dyn", (resource: string, name: string) =>
        view().get(resource, name),
      )
      .registerFunction("cond(dyn, string): string", condition)
      .registerFunction("waiting(dyn): string", waiting)
      .registerFunction("restarts(dyn): int", restarts)
      .registerFunction("endpoints(string): list<string>", (service: string) =>
        endpoints(view(), service),
      );
  }

  /** What is wrong with an expression, or undefined. For authors and tests. */
  problem(cel: string): string | undefined {
    const { valid, error, type } = this.#environment.check(cel);
    if (!valid) return error?.message ?? "it does not type-check";
    return type === "bool" || type === "dyn" ? undefined : `it is a ${type}, not a bool`;
  }

  holds(cel: string, view: ClusterView): boolean {
    this.#view = view;
    try {
      return (
        this.#program(cel)({ trace: view.trace(), answer: view.answer, fleet: view.fleet }) === true
      );
    } catch {
      return false;
    } finally {
      this.#view = undefined;
    }
  }

  #program(cel: string): Program {
    const known = this.#programs.get(cel);
    if (known !== undefined) return known;
    const parsed = this.#environment.parse(cel) as Program;
    this.#programs.set(cel, parsed);
    return parsed;
  }
}

const named = /\b(?:list|get)\(\s*"([a-z0-9.-]+)"/g;

/** The resources that an expression reads, so that the host loads no others. */
export function resourcesOf(cel: string): Set<string> {
  const found = new Set([...cel.matchAll(named)].map(([, resource = ""]) => resource));
  if (/\bendpoints\(/.test(cel)) found.add("endpointslices");
  return found;
}
