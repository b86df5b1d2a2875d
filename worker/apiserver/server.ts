/**
 * The API server's back half: one request in, seven gates, one answer out; all of it synchronous.
 *
 * Gates 1 and 2 stand here; what lies behind them depends on the verb (`verbs/`, `subresources/`).
 * A refusal is a `StatusError`. People's requests leave their way through the gates in the trace;
 * components' requests leave what the component said.
 * Upstream: apiserver/pkg/server/config.go DefaultBuildHandlerChain, pkg/endpoints/handlers.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import {
  forbidden,
  methodNotRouted,
  noSuchResource,
  serviceUnavailable,
  type Status,
  StatusError,
  unauthorized,
} from "#apimachinery/status.ts";
import type { Explanation } from "#apimachinery/trace.ts";
import { unreachable } from "./aggregation.ts";
import { type Answer, statusAnswer, warned } from "./answer.ts";
import { attributesOf } from "./authorization/attributes.ts";
import { denied } from "./authorization/denied.ts";
import { Impersonator } from "./authorization/impersonation.ts";
import { tellUse } from "./authentication/legacy-token-use.ts";
import { TokenAuthenticator } from "./authentication/token-authenticator.ts";
import { admit, mutate } from "./gates/admission.ts";
import { kindContext } from "./kind-context.ts";
import { followDefinitions } from "./custom-resources/definitions.ts";
import { Conversions } from "./custom-resources/webhook-conversion.ts";
import { FieldManager } from "./ownership/field-manager.ts";
import { loggedVerb, Passage, subjectOf } from "./passage.ts";
import { Registry, type Resource, storageKey } from "./registry.ts";
import { RequestCounts } from "./request-counts.ts";
import type { ApiRequest, RequestInfo, UserInfo } from "./request.ts";
import { metricsGroup, resourceMetricsAnswer } from "./resource-metrics.ts";
import { subresources } from "./subresources/registry.ts";
import { verbs } from "./verbs/registry.ts";
import { type Sink, WatchHub } from "./watch.ts";
import type { Dialer, KubeletServer, World } from "./world.ts";

/** People's actor name; everything they do is in the trace, reads included. */
export const learner = "learner";

/** One request with all that the verbs need. */
export interface Call {
  readonly request: ApiRequest;
  readonly resource: Resource;
  readonly server: ApiServer;
  readonly world: World;
  readonly passage: Passage;
  readonly user: UserInfo;
  /** Admission has judged the request's own object (a Scale, a Binding): what it writes is not judged again. */
  readonly admitted?: boolean;
  /** Set where a webhook converts between the versions. */
  readonly conversions?: Conversions;
}

export class ApiServer {
  readonly world: World;
  readonly registry: Registry = new Registry();
  readonly watches: WatchHub;
  /** Who owns which field. */
  readonly fields: FieldManager;
  readonly tokens: TokenAuthenticator;
  readonly #impersonator: Impersonator;
  readonly counts: RequestCounts = new RequestCounts();

  constructor(world: World) {
    this.world = world;
    this.fields = new FieldManager(world.store.interned);
    this.watches = new WatchHub(world.store, this.registry, this.fields);
    followDefinitions(this.registry, this.watches, world.store);
    this.#impersonator = new Impersonator((user, info) => world.authorizer.authorize(user, info));
    this.tokens = new TokenAuthenticator(world.tokenKeys, {
      get: kindContext(this, "").get,
      wallMs: () => world.wallMs(),
      nowMs: () => world.nowMs(),
      used: (secret) => tellUse(this, secret),
    });
  }

  /** Throws StatusError. Watches of people go through `watch`. */
  handle(request: ApiRequest): Answer {
    const passage = new Passage();
    const isPerson = request.actor.name === learner;
    try {
      const passed = this.#pass(request, passage);
      const answer = passage.remarks.reduceRight(warned, passed);
      this.counts.count(request, answer.code);
      if (isPerson && !answer.wrote) this.#note(request, passage.facts(request, answer.code));
      return answer;
    } catch (error) {
      if (error instanceof StatusError) {
        this.counts.count(request, error.code);
        error.warnings = [...passage.remarks, ...passage.warnings];
        // A component that may not do its work is somebody's doing; what it meets every day is not told.
        if (isPerson || error.code === 403) this.#note(request, passage.facts(request, error));
      }
      throw error;
    }
  }

  /**
   * Gates 1 to 6 of a connection to a subresource; `options` is what admission judges. 101: it may be opened.
   * Whoever upgrades a GET needs `create` as well, or reading would be enough to run commands.
   * Upstream: pkg/registry/core/pod/rest/authorize.go ensureAuthorizedForVerb.
   */
  connect(
    request: ApiRequest,
    options: KubeObject,
    how: "upgraded" | "proxied" = "upgraded",
  ): Answer {
    const passage = new Passage();
    try {
      const user = this.#enter(request, passage);
      const { info } = request;
      const resource = this.resource(info);
      if (how === "upgraded" && info.verb !== "create") this.#mayCreate(user, info, resource);
      const call: Call = { request, resource, server: this, world: this.world, passage, user };
      const context = kindContext(this, storageKey(resource, info.namespace, info.name));
      const operation = "CONNECT" as const;
      const asked = { operation, info, user, previous: undefined, dryRun: false, context, call };
      passage.enter("mutate");
      const object = mutate({ ...asked, object: options });
      passage.enter("admit");
      admit({ ...asked, object });
      const code = how === "upgraded" ? switchingProtocols.code : 200;
      this.counts.count(request, code);
      this.#note(request, passage.facts(request, code));
      return statusAnswer(switchingProtocols, false);
    } catch (error) {
      if (error instanceof StatusError) {
        this.counts.count(request, error.code);
        this.#note(request, passage.facts(request, error));
      }
      throw error;
    }
  }

  #mayCreate(user: UserInfo, info: RequestInfo, { groupResource }: Resource): void {
    const { allowed, reason } = this.world.authorizer.authorize(user, { ...info, verb: "create" });
    if (!allowed) throw forbidden(groupResource, info.name, reason);
  }

  /** The nodes' kubelets. Throws StatusError when there are none to reach. */
  get kubelet(): KubeletServer {
    const { kubelet } = this.world;
    if (kubelet === undefined) throw serviceUnavailable("no kubelet can be reached");
    return kubelet;
  }

  /** The way to Pods and nodes. Throws StatusError when there is none. */
  get dialer(): Dialer {
    const { dialer } = this.world;
    if (dialer === undefined) throw serviceUnavailable("no network can be reached");
    return dialer;
  }

  /** Gates 1 and 2 alone: for watches, logs and other streams. */
  admitReader(request: ApiRequest): void {
    const passage = new Passage();
    let outcome: number | StatusError = 200;
    try {
      this.#enter(request, passage);
    } catch (error) {
      if (error instanceof StatusError) outcome = error;
      throw error;
    } finally {
      this.counts.count(request, typeof outcome === "number" ? outcome : outcome.code);
      if (request.actor.name === learner) this.#note(request, passage.facts(request, outcome));
    }
  }

  /** The objects of a kind now and every change from now on, for components: frozen, after each commit. */
  listAndWatch(
    user: UserInfo,
    info: RequestInfo,
    sink: Sink,
  ): { readonly objects: readonly KubeObject[]; readonly revision: number } {
    for (const verb of ["list", "watch"]) this.#authorise(user, { ...info, verb });
    const resource = this.resource(info);
    const { entries, revision } = this.world.store.range({ prefix: resource.directory });
    this.watches.subscribe(resource, sink);
    return { objects: entries.map(({ value }) => value as KubeObject), revision };
  }

  /** All objects of a kind, in the version they are stored as, for the platform's own pages. */
  objects(gvk: string): readonly KubeObject[] {
    const resource = this.registry.ofKind(gvk);
    if (resource === undefined) throw noSuchResource();
    return this.world.store
      .range({ prefix: resource.directory })
      .entries.map(({ value }) => value as KubeObject);
  }

  resource({ group, version, resource }: RequestInfo): Resource {
    const found = this.registry.ofPath(group, version, resource);
    if (found === undefined) throw unreachable(this, group, version) ?? noSuchResource();
    return found;
  }

  /** What rides on the revision that a request writes. */
  explanation(request: ApiRequest, passage: Passage, code: number): Explanation | null {
    if (request.actor.name === learner) return passage.facts(request, code);
    return request.actor.explanation ?? null;
  }

  #pass(request: ApiRequest, passage: Passage): Answer {
    const user = this.#enter(request, passage);
    const { info } = request;
    if (!info.isResource) throw noSuchResource();
    const resource = this.resource(info);
    // What is of the whole cluster has no path in a namespace.
    if (info.namespace !== "" && !resource.namespaced && info.resource !== "namespaces")
      throw noSuchResource();
    const { verbs: allowed } =
      info.subresource === ""
        ? resource.facts
        : (resource.facts.subresources?.[info.subresource] ?? none);
    if (!allowed.includes(info.verb))
      throw info.subresource !== "" && allowed.length === 0 ? noSuchResource() : methodNotRouted();
    if (request.trusted !== true && !isRouted(info)) throw methodNotRouted();
    const call: Call = { request, resource, server: this, world: this.world, passage, user };
    passage.enter("decode");
    if (request.decodeError !== undefined) throw request.decodeError;
    if (request.warnings !== undefined) passage.warnings.push(...request.warnings);
    return resource.custom?.needsWebhook === true ? this.#converted(call) : this.#act(call);
  }

  #converted(call: Call): Answer {
    const { request, resource } = call;
    const conversions = new Conversions(this, request.answers);
    const bound = conversions.bound(resource);
    return conversions.answer(this.#act({ ...call, resource: bound, conversions }));
  }

  /** What the verb or the subresource does behind gates 1 and 2. */
  #act(call: Call): Answer {
    const { resource, request, passage } = call;
    const { info } = request;
    const deprecation = resource.custom?.deprecation ?? resource.kind.deprecation;
    if (deprecation !== undefined) passage.remarks.push(deprecation);
    if (info.subresource !== "") {
      const handler = subresources.find((one) => one.name === info.subresource && one.on(resource));
      if (handler === undefined) throw noSuchResource();
      return handler.handle(call);
    }
    if (resource.group === metricsGroup) return resourceMetricsAnswer(call);
    const verb = verbs[info.verb];
    if (verb === undefined) throw methodNotRouted();
    return verb(call);
  }

  #enter(request: ApiRequest, passage: Passage): UserInfo {
    const { user: requestor, wanted } = request;
    const isCurrent = request.isCurrent?.((remarks) => passage.remark(remarks)) ?? true;
    if (!isCurrent || requestor === undefined) throw unauthorized();
    passage.tell(`as ${requestor.name}`);
    const info = attributesOf(request);
    let user = requestor;
    if (wanted !== undefined) {
      passage.enter("authorise");
      const acting = this.#impersonator.actingAs(requestor, wanted, info);
      passage.actsAs(acting.user, acting.constraint);
      ({ user } = acting);
    }
    passage.enter("authorise");
    this.#authorise(user, info, passage);
    return user;
  }

  #authorise(user: UserInfo, info: RequestInfo, passage?: Passage): void {
    const { allowed, reason } = this.world.authorizer.authorize(user, info);
    if (reason !== "") passage?.tell(reason);
    if (!allowed) throw denied(user, info, reason);
  }

  #note(request: ApiRequest, facts: Explanation): void {
    const { name: actor, cause } = request.actor;
    this.world.note({ actor, cause, verb: loggedVerb(request), obj: subjectOf(request), facts });
  }
}

/** A collection is posted to, an object is put and patched. */
const isRouted = ({ verb, name, subresource }: RequestInfo): boolean =>
  subresource !== "" ||
  (verb === "create" ? name === "" : name !== "" || (verb !== "update" && verb !== "patch"));

const none = { verbs: [] as readonly string[] };
const switchingProtocols: Status & { readonly code: number } = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 101,
};
