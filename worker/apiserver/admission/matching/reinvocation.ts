/**
 * Plugins that changed the object may make others look again, once.
 * Upstream: apiserver/pkg/admission/plugin/webhook/mutating/reinvocationcontext.go, pkg/admission/reinvocation.go.
 */
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";

/** One plugin's memory of a request's two rounds. */
export class Reinvocations {
  /** Those that asked to be called again if something changes after them. */
  readonly #willing = new Set<string>();
  readonly #due = new Set<string>();
  #output: KubeObject | undefined;

  /** Something changed: whoever was called before and is willing is due. */
  require(): void {
    for (const one of this.#willing) this.#due.add(one);
    this.#willing.clear();
  }
  offer(id: string): void {
    this.#willing.add(id);
  }
  isDue(id: string): boolean {
    return this.#due.has(id);
  }
  /** At the plugin's second turn: did others change what it left? */
  begin(object: KubeObject | undefined): void {
    if (!equal(object, this.#output)) this.require();
  }
  end(object: KubeObject | undefined): void {
    this.#output = object;
  }
}

/** A request's way through the mutating plugins: one round, or two. */
export class Rounds {
  isSecond = false;
  needsSecond = false;
  readonly #memories = new Map<string, Reinvocations>();

  of(plugin: string): Reinvocations {
    const known = this.#memories.get(plugin);
    if (known !== undefined) return known;
    const made = new Reinvocations();
    this.#memories.set(plugin, made);
    return made;
  }
}
