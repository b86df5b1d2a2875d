/**
 * One admission plugin: a typed constant, mutating at gate 4, validating at gate 6.
 * To add one: one file here and one line in `registry.ts`, in upstream's order.
 * Upstream: apiserver/pkg/admission/interfaces.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { DeleteOptions, RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";

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
}

export interface Admission<T extends KubeObject = KubeObject> {
  /** Upstream's name, e.g. `NamespaceLifecycle`. */
  readonly name: string;
  readonly on: {
    /** `pods`, `pods/status`, `*` for every resource (subresources excluded unless `*\/*`). */
    readonly resources: readonly string[];
    readonly operations: readonly Operation[];
  };
  /** Gate 4: the changed object (copy-on-write), the same reference when nothing changes. Throws StatusError to refuse. */
  mutate?(request: AdmissionRequest<T>): T;
  /** Gate 6: throws StatusError to refuse. */
  validate?(request: AdmissionRequest<T>): void;
}
