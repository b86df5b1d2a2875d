/**
 * Versions that only a webhook can convert. What the store has is shown to a request's gates, and what they made is
 * given to the store, by a face that asks the webhook: what is not known yet must be waited for (awaiting.ts),
 * before anything is written. Answers and watches are converted after the commit, by `settled`.
 * Upstream: apiextensions-apiserver/pkg/apiserver/conversion/converter.go, webhook_converter.go.
 * Differs: a list is converted by one call for all its items, where upstream makes one for each, because calls are
 * what costs.
 */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { refusedAddress, unreachable, urlOf } from "#apiserver/admission/webhooks/address.ts";
import { placeOf, postToService } from "#apiserver/admission/webhooks/service.ts";
import { type Answer, withLater } from "#apiserver/answer.ts";
import type { Errand } from "#apimachinery/errand.ts";
import { answerTo, Awaiting } from "#apiserver/awaiting.ts";
import type { Face } from "#apiserver/faces.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { ApiServer } from "#apiserver/server.ts";
import {
  type Answered,
  convertedObjects,
  type Question,
  reviewOf,
  uidOf,
} from "./conversion-review.ts";
import { asRead, coerced } from "./reading.ts";

const timeoutSeconds = 30;

/** What a request, or a watch, has heard of the webhook. */
export class Conversions {
  readonly #server: ApiServer;
  readonly #heard: Map<string, unknown>;
  readonly #bound = new Map<string, Resource>();
  readonly #read = new WeakMap<KubeObject, KubeObject>();
  /** What an object is in another version. */
  readonly #known = new Map<string, WeakMap<KubeObject, KubeObject>>();

  constructor(server: ApiServer, answers: ReadonlyMap<string, unknown> = new Map()) {
    this.#server = server;
    this.#heard = new Map(answers);
  }

  /** The resource with a face that asks; itself where no webhook is needed. */
  bound(resource: Resource): Resource {
    if (resource.custom?.needsWebhook !== true) return resource;
    const known = this.#bound.get(resource.gvk);
    if (known !== undefined) return known;
    const made = { ...resource, face: this.#faceOf(resource) };
    this.#bound.set(resource.gvk, made);
    return made;
  }

  /** Asks about many objects at once. Throws Awaiting. */
  beforehand(resource: Resource, objects: readonly KubeObject[]): void {
    const { apiVersion } = resource;
    const known = this.#in(apiVersion);
    const foreign = objects
      .map((one) => this.#asRead(resource, one))
      .filter((one) => one.apiVersion !== apiVersion && !known.has(one));
    if (foreign.length === 0) return;
    for (const [i, made] of this.#asked(resource, foreign, apiVersion, true).entries())
      known.set(foreign[i] as KubeObject, made);
  }

  /** What `read` comes to once the webhook has answered all it asks; `read` may not write. */
  async settled<T>(read: () => T): Promise<T> {
    for (;;) {
      try {
        const known = read();
        // What was heard is part of it by now.
        this.#heard.clear();
        return known;
      } catch (error) {
        if (!(error instanceof Awaiting)) throw error;
        await Promise.all(
          error.errands.map(async (errand) => {
            this.#heard.set(errand.id, await errand.run());
          }),
        );
      }
    }
  }

  /** An answer whose objects are still to be converted. */
  answer(answer: Answer): Answer {
    return withLater(answer, async () => {
      const body = await this.settled(() => answer.body());
      return { ...answer, body: () => body };
    });
  }

  #faceOf(resource: Resource): Face {
    const { apiVersion } = resource;
    const storage = this.#server.registry.storedAs(resource);
    return {
      gvk: resource.gvk,
      stored: storage.gvk,
      toStored: (object) => {
        const stored = this.#convert(resource, object, storage.apiVersion);
        // What it was made of is what it is in this version.
        if (stored !== object) this.#in(apiVersion).set(this.#asRead(resource, stored), object);
        return stored;
      },
      fromStored: (object) => this.#convert(resource, this.#asRead(resource, object), apiVersion),
    };
  }

  #in(apiVersion: string): WeakMap<KubeObject, KubeObject> {
    let known = this.#known.get(apiVersion);
    if (known === undefined) this.#known.set(apiVersion, (known = new WeakMap()));
    return known;
  }

  /** A stored object, by the schema of its version; the same answer each time. */
  #asRead(resource: Resource, object: KubeObject): KubeObject {
    const present = this.#read.get(object);
    if (present !== undefined) return present;
    const custom = this.#version(resource, object.apiVersion)?.custom;
    const made = custom === undefined ? object : asRead(custom, object);
    this.#read.set(object, made);
    return made;
  }
  #version({ kindName }: Resource, apiVersion: string): Resource | undefined {
    return this.#server.registry.ofKind(`${apiVersion}/${kindName}`);
  }

  #convert(resource: Resource, object: KubeObject, to: string): KubeObject {
    // Nothing is nothing in every version. Upstream: isEmptyUnstructuredObject.
    if (object.apiVersion === to || object.metadata === undefined) return object;
    const known = this.#in(to);
    const present = known.get(object);
    if (present !== undefined) return present;
    const [made = object] = this.#asked(resource, [object], to, false);
    known.set(object, made);
    return made;
  }

  /** Throws Awaiting, or a 500. */
  #asked(
    resource: Resource,
    objects: readonly KubeObject[],
    to: string,
    isList: boolean,
  ): readonly KubeObject[] {
    const definition = resource.custom?.definition as V1CustomResourceDefinition;
    const custom = this.#version(resource, to)?.custom;
    const question: Question = { definition, objects, isList, to };
    const answered = answerTo({ answers: this.#heard }, errandOf(this.#server, question));
    const url = urlOf(clientOf(question), timeoutSeconds);
    const made = convertedObjects(answered, objects, url);
    return custom === undefined ? made : made.map((one) => coerced(custom, one));
  }
}

const clientOf = ({ definition }: Question): Parameters<typeof urlOf>[0] =>
  (definition.spec.conversion?.webhook?.clientConfig ?? {}) as Parameters<typeof urlOf>[0];

function errandOf(server: ApiServer, question: Question): Errand<Answered> {
  const { outside } = server.world;
  const client = clientOf(question);
  const url = urlOf(client, timeoutSeconds);
  return {
    id: `conversion ${uidOf(question)}`,
    run: async () => {
      const body = reviewOf(question);
      if (client.service !== undefined) {
        const place = placeOf(kindContext(server, ""), client.service);
        const asked = { body, timeoutSeconds };
        const heard =
          "failure" in place
            ? place
            : await postToService(server.world.dialer, place, client, asked);
        return { question, heard };
      }
      const failure = addressProblem(server, url);
      if (failure !== undefined || outside === undefined)
        return { question, heard: { failure: failure ?? unreachable } };
      const timeoutMs = timeoutSeconds * 1000;
      return { question, heard: await outside.post({ url, body, timeoutMs }) };
    },
  };
}

const addressProblem = ({ world }: ApiServer, url: string): string | undefined =>
  URL.canParse(url)
    ? refusedAddress(new URL(url), world.outside?.allowedOrigins ?? [])
    : `parse ${JSON.stringify(url)}: invalid URI for request`;
