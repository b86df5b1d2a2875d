/** Handlers, probes and lifecycle hooks. Upstream: pkg/apis/core/validation validateHandler, validateProbe, validateLifecycle. */
import type { V1Lifecycle, V1LifecycleHandler, V1Probe } from "#apimachinery/api/core-v1.ts";
import { type FieldPath, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { headerName } from "#apimachinery/names.ts";
import { portNumber, portReference } from "#apiserver/kinds/rules/port.ts";
import {
  type Errors,
  named,
  notNegatives,
  remembered,
  type Rule,
} from "#apiserver/kinds/rules/rule.ts";

type Handler = V1LifecycleHandler & Pick<V1Probe, "grpc">;
type Action<K extends keyof Handler> = NonNullable<Handler[K]>;

const schemes = ["HTTP", "HTTPS"];

function httpGet(errors: Errors, at: FieldPath, action: Action<"httpGet">): void {
  const { path, port, scheme = "", httpHeaders = [] } = action;
  if (!path) errors.push(required(at.child("path")));
  portReference(errors, at.child("port"), port);
  if (!schemes.includes(scheme)) errors.push(unsupported(at.child("scheme"), scheme, schemes));
  for (const { name = "" } of httpHeaders) named(errors, at.child("httpHeaders"), name, headerName);
}

/** In upstream's order. `sleep` depends on the Pod's grace period: see `sleeps`. */
const actions: { readonly [K in keyof Handler]-?: Rule<Action<K>> } = {
  exec: (errors, at, { command = [] }) => {
    if (command.length === 0) errors.push(required(at.child("command")));
  },
  httpGet,
  tcpSocket: (errors, at, { port }) => portReference(errors, at.child("port"), port),
  grpc: (errors, at, { port }) => portNumber(errors, at.child("port"), port),
  sleep: () => undefined,
};
const handlerNames = Object.keys(actions) as (keyof Handler)[];

function handler(errors: Errors, at: FieldPath, given: Handler): void {
  let seen = 0;
  for (const name of handlerNames) {
    const action = given[name];
    if (action === undefined) continue;
    seen += 1;
    if (seen > 1)
      errors.push(forbidden(at.child(name), "may not specify more than 1 handler type"));
    else (actions[name] as Rule<unknown>)(errors, at.child(name), action);
  }
  if (seen === 0) errors.push(required(at, "must specify a handler type"));
}

const times = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

const probe = (errors: Errors, at: FieldPath, given: V1Probe): void => {
  handler(errors, at, given);
  notNegatives(errors, at, given, times);
  const grace = given.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(
      invalid(at.child("terminationGracePeriodSeconds"), grace, "must be greater than 0"),
    );
};
const once = remembered<V1Probe>((errors, at, given) => {
  probe(errors, at, given);
  if (given.successThreshold !== 1)
    errors.push(invalid(at.child("successThreshold"), given.successThreshold ?? 0, "must be 1"));
});
const readiness = remembered<V1Probe>((errors, at, given) => {
  probe(errors, at, given);
  if (given.terminationGracePeriodSeconds !== undefined)
    errors.push(
      invalid(
        at.child("terminationGracePeriodSeconds"),
        given.terminationGracePeriodSeconds,
        "must not be set for readinessProbes",
      ),
    );
});

interface Probed {
  readonly livenessProbe?: V1Probe | undefined;
  readonly readinessProbe?: V1Probe | undefined;
  readonly startupProbe?: V1Probe | undefined;
  readonly lifecycle?: V1Lifecycle | undefined;
}

const hooks = ["postStart", "preStop"] as const;
const lifecycle = remembered<V1Lifecycle>((errors, at, given) => {
  for (const hook of hooks) {
    const action = given[hook];
    if (action !== undefined) handler(errors, at.child(hook), action);
  }
});
function sleeps(
  errors: Errors,
  at: FieldPath,
  given: V1Lifecycle,
  graceSeconds: number | undefined,
): void {
  if (graceSeconds === undefined) return;
  for (const hook of hooks) {
    const { sleep, exec, httpGet: get, tcpSocket } = given[hook] ?? {};
    // Beside another handler it is refused as such.
    if (exec !== undefined || get !== undefined || tcpSocket !== undefined) continue;
    const seconds = sleep === undefined ? undefined : (sleep.seconds ?? 0);
    if (seconds !== undefined && (seconds < 0 || seconds > graceSeconds))
      errors.push(
        invalid(
          at.child(hook, "sleep"),
          seconds,
          `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`,
        ),
      );
  }
}

/** Of a container that goes on running. */
export function checks(
  errors: Errors,
  at: FieldPath,
  given: Probed,
  graceSeconds: number | undefined,
): void {
  if (given.lifecycle !== undefined) {
    lifecycle(errors, at.child("lifecycle"), given.lifecycle);
    sleeps(errors, at.child("lifecycle"), given.lifecycle, graceSeconds);
  }
  if (given.livenessProbe !== undefined)
    once(errors, at.child("livenessProbe"), given.livenessProbe);
  if (given.readinessProbe !== undefined)
    readiness(errors, at.child("readinessProbe"), given.readinessProbe);
  if (given.startupProbe !== undefined) once(errors, at.child("startupProbe"), given.startupProbe);
}

/** Of an init container that comes to an end. */
export function noChecks(errors: Errors, at: FieldPath, given: Probed): void {
  for (const name of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
    if (given[name] !== undefined)
      errors.push(
        forbidden(
          at.child(name),
          "may not be set for init containers without restartPolicy=Always",
        ),
      );
  }
}
