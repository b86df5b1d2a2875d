/**
 * One admission plugin: a typed constant, mutating at gate 4, validating at gate 6.
 * To add one: one file here and one line in `registry.ts`, in upstream's order.
 * Upstream: apiserver/pkg/admission/interfaces.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { DeleteOptions, RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import type { Rounds } from "./matching/reinvocation.ts";
import type { Call } from "#apiserver/server.ts";

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

export interface AdmissionRequest<T extends KubeObject = KubeObject> {
  readonly operation: Operation;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** The object as it would be stored; undefined on DELETE. */
  readonly object: T | undefined;
  /** The stored object; undefined on CREATE. */
  readonly previous: T | undefined;
  readonly dryRun: boolean;
  readonly deleteOptions?: DeleteOptions | undefined;
  readonly context: KindContext;
  /** The request as a whole: warnings, answers that had to be waited for, the server. */
  readonly call: Call;
  /** How often the mutating plugins have had their turn. */
  readonly rounds: Rounds;
}
/** A request as the verbs give it to the gates. */
export type Operated = Omit<AdmissionRequest, "rounds">;

export interface Admission<T extends KubeObject = KubeObject> {
  /** Upstream's name, e.g. `NamespaceLifecycle`. */
  readonly name: string;
  readonly on: {
    /** `pods`, `pods/status`, `ingresses.networking.k8s.io`, `*` for every resource (with their subresources: `*\/*`). */
    readonly resources: readonly string[];
    readonly operations: readonly Operation[];
  };
  /**
   * Gate 4: the changed object (copy-on-write), the same reference when nothing changes; undefined on DELETE.
   * A new object has no uid yet, and no name when it is to be generated. Throws StatusError to refuse.
   */
  mutate?(request: AdmissionRequest<T>): T | undefined;
  /** Gate 6: throws StatusError to refuse. */
  validate?(request: AdmissionRequest<T>): void;
}
