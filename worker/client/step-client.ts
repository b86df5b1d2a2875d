/**
 * `Client` over a transport, bound to the step that is running: its identity, its cause and the
 * facts it has told so far. One instance serves a whole loop; the loop sets the scope before each step.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Fact } from "#apimachinery/trace.ts";
import {
  type Client,
  type DeleteRequest,
  type Gvk,
  gvkOf,
  type ListOptions,
  type Target,
} from "./client.ts";
import type { Identity } from "./component.ts";
import type { Answer, Call, Transport } from "./transport.ts";

/** Who acts because of what, and what it has said that no write has carried yet. */
export interface Scope {
  identity: Identity;
  cause: number;
  facts: Fact[];
  /** Revisions written by the step. */
  writes: number;
  /** What was found out for this step when it ran before and had to wait. */
  answers?: ReadonlyMap<string, unknown> | undefined;
}

export class StepClient implements Client {
  readonly #transport: Transport;
  readonly #scope: Scope;
  constructor(transport: Transport, scope: Scope) {
    this.#transport = transport;
    this.#scope = scope;
  }

  get<T extends KubeObject>(target: Target): T {
    return this.#read(call("get", target)).object as T;
  }
  list<T extends KubeObject>(kind: Gvk, options: ListOptions = {}): readonly T[] {
    const target = { kind, namespace: options.namespace, name: "" };
    return this.#read({ ...call("list", target), list: options }).items as readonly T[];
  }
  create<T extends KubeObject>(object: T): T {
    return this.#write({ ...call("create", targetOf(object)), body: object });
  }
  createSub<T extends KubeObject>(target: Target, body: KubeObject): T {
    return this.#write({ ...call("create", target), body });
  }
  update<T extends KubeObject>(object: T): T {
    return this.#write({ ...call("update", targetOf(object)), body: object });
  }
  updateStatus<T extends KubeObject>(object: T): T {
    return this.updateSub("status", object);
  }
  applyStatus<T extends KubeObject>(configuration: T, fieldManager: string): T {
    const target = { ...targetOf(configuration), subresource: "status" };
    return this.#write({
      ...call("patch", target),
      configuration: { value: configuration, fieldManager },
    });
  }
  updateSub<T extends KubeObject>(subresource: string, object: T): T {
    return this.#write({ ...call("update", { ...targetOf(object), subresource }), body: object });
  }
  patch<T extends KubeObject>(target: Target, apply: (current: T) => T): T {
    return this.#write({ ...call("patch", target), apply });
  }
  delete(target: Target, options: DeleteRequest = {}): void {
    this.#write({ ...call("delete", target), delete: options });
  }
  deleteCollection(kind: Gvk, options: ListOptions & DeleteRequest): void {
    const target = { kind, namespace: options.namespace, name: "" };
    this.#write({ ...call("deletecollection", target), list: options, delete: options });
  }

  #read(request: Call): Answer {
    const { identity, cause } = this.#scope;
    return this.#transport.call(identity, this.#told(request), cause, undefined);
  }
  /** With what was found out for the step. */
  #told(request: Call): Call {
    const { answers } = this.#scope;
    return answers === undefined ? request : { ...request, answers };
  }
  #write<T extends KubeObject>(request: Call): T {
    const scope = this.#scope;
    const told = scope.facts.length === 0 ? undefined : scope.facts;
    const answer = this.#transport.call(scope.identity, this.#told(request), scope.cause, told);
    if (answer.wrote) {
      scope.writes += 1;
      if (told !== undefined) scope.facts = [];
    }
    return answer.object as T;
  }
}

const call = (verb: Call["verb"], { kind, namespace, name, subresource }: Target): Call => ({
  verb,
  kind,
  namespace: namespace ?? "",
  name,
  subresource: subresource ?? "",
});

const targetOf = (object: KubeObject): Target => ({
  kind: gvkOf(object),
  namespace: object.metadata.namespace,
  name: object.metadata.name ?? "",
});
