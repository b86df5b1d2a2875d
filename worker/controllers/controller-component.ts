/** A controller as the loop runs it: its watches feed keys, its identity writes. Upstream: client-go/util/workqueue, controller-runtime pkg/controller. */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Errand } from "#apimachinery/errand.ts";
import type { Fact } from "#apimachinery/trace.ts";
import { type Client, keyOf } from "#client/client.ts";
import type { Component, Delay, Identity, Recorder, Result, Step } from "#client/component.ts";
import type { Informers, Lister } from "#client/informer.ts";
import type { Controller, ControllerStep, Listers } from "./controller.ts";
import { customKind, definitionKind } from "./custom-kinds.ts";
import type { Signer } from "./signer.ts";

/** Who it acts as is the caller's business. */
type Watching = Omit<Controller, "account">;

export class ControllerComponent implements Component {
  readonly name: string;
  readonly #controller: Watching;
  readonly #identity: Identity;
  readonly #signer: Signer | undefined;
  #step: SteppedListers | undefined;
  #listers: Listers | undefined;

  /** `signer`: of programs that have keys. */
  constructor(controller: Watching, identity: Identity, signer?: Signer) {
    this.name = controller.name;
    this.#controller = controller;
    this.#identity = identity;
    this.#signer = signer;
  }

  identity(): Identity {
    return this.#identity;
  }

  start(informers: Informers, enqueue: (key: string, cause: number) => void): void {
    const { watches, heeds, owns = [], maps = {}, indexes = {} } = this.#controller;
    const listers: Listers = {
      lister: <T extends KubeObject>(kind: string) => informers.informer<T>(kind),
    };
    this.#listers = listers;
    for (const [kind, named] of Object.entries(indexes)) {
      const informer = informers.informer<KubeObject>(kind);
      for (const [name, valuesOf] of Object.entries(named))
        informer.addIndex(name, valuesOf as (object: KubeObject) => readonly string[]);
    }
    informers.informer(watches).onEvent((event) => {
      if (heeds?.(event) !== false) enqueue(event.key, event.revision);
    });
    const ownerKind = watches.slice(watches.lastIndexOf("/") + 1);
    for (const kind of owns) {
      informers.informer(kind).onEvent(({ object, previous, revision }) => {
        const now = ownerKeyOf(object, ownerKind);
        if (now !== undefined) enqueue(now, revision);
        const before =
          previous === undefined ||
          previous.metadata.ownerReferences === object.metadata.ownerReferences
            ? undefined
            : ownerKeyOf(previous, ownerKind);
        if (before !== undefined && before !== now) enqueue(before, revision);
      });
    }
    for (const [kind, keysOf] of Object.entries(maps)) {
      informers.informer(kind).onEvent((event) => {
        for (const key of keysOf(event, listers)) enqueue(key, event.revision);
      });
    }
    this.#followCustom(informers, listers, enqueue);
  }

  /** Each kind from the moment on at which its definition serves it. */
  #followCustom(
    informers: Informers,
    listers: Listers,
    enqueue: (key: string, cause: number) => void,
  ): void {
    const { mapsCustom } = this.#controller;
    if (mapsCustom === undefined) return;
    const followed = new Set<string>();
    informers.informer<V1CustomResourceDefinition>(definitionKind).onEvent(({ type, object }) => {
      const custom = type === "DELETED" ? undefined : customKind(object);
      if (custom === undefined || followed.has(custom.gvk)) return;
      followed.add(custom.gvk);
      informers.informer(custom.gvk).onEvent((event) => {
        for (const key of mapsCustom(event, listers, custom)) enqueue(key, event.revision);
      });
    });
  }

  reconcile(key: string, step: Step): Result {
    if (this.#step?.of !== step)
      this.#step = new SteppedListers(step, this.#listers as Listers, this.#signer);
    return this.#controller.reconcile(key, this.#step);
  }
}

/** Key of the controlling owner of that kind. */
function ownerKeyOf(object: KubeObject, kind: string): string | undefined {
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined || owner.kind !== kind) return undefined;
  return keyOf({ ...object, metadata: { namespace: object.metadata.namespace, name: owner.name } });
}

/** The running step, with the controller's listers. One object serves all steps. */
class SteppedListers implements ControllerStep {
  readonly of: Step;
  readonly #listers: Listers;
  readonly #signer: Signer | undefined;
  constructor(of: Step, listers: Listers, signer: Signer | undefined) {
    this.of = of;
    this.#listers = listers;
    this.#signer = signer;
  }
  get signer(): Signer {
    if (this.#signer === undefined) throw new Error("this program has no keys");
    return this.#signer;
  }
  lister<T extends KubeObject>(kind: string): Lister<T> {
    return this.#listers.lister<T>(kind);
  }
  get nowMs(): number {
    return this.of.nowMs;
  }
  get cause(): number {
    return this.of.cause;
  }
  get client(): Client {
    return this.of.client;
  }
  get recorder(): Recorder {
    return this.of.recorder;
  }
  get failures(): number {
    return this.of.failures;
  }
  explain(...facts: readonly Fact[]): void {
    this.of.explain(...facts);
  }
  random(purpose: string, key: string): number {
    return this.of.random(purpose, key);
  }
  answerTo<T>(errand: Errand<T>): T {
    return this.of.answerTo(errand);
  }
  reached(atMs: number, delay: Delay): boolean {
    return this.of.reached(atMs, delay);
  }
}
