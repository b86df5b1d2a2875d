/**
 * `authorizer.group('apps').resource('deployments').namespace('a').check('create').allowed()`: asks whether the
 * request's user may do something. The variable's value is `new CelAuthorizer(decide)`; declare it with type
 * `authorizerType`.
 * Upstream: apiserver/pkg/cel/library/authz.go.
 */
import { spend } from "#apiserver/cel/cost.ts";
import type { Library } from "./library.ts";

export const authorizerType = "kubernetes.authorization.Authorizer";
const pathType = "kubernetes.authorization.PathCheck";
const groupType = "kubernetes.authorization.GroupCheck";
export const resourceCheckType = "kubernetes.authorization.ResourceCheck";
const resourceType = resourceCheckType;
const decisionType = "kubernetes.authorization.Decision";
/** What one check costs. */
const checkCost = 350_000;

export interface AuthorizationQuestion {
  readonly verb: string;
  /** A path that is no resource's; without it the rest counts. */
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Asked for this service account instead of the request's user. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}
export interface AuthorizationAnswer {
  readonly allowed: boolean;
  readonly reason?: string;
  /** The check itself failed. */
  readonly error?: string;
}
export type Decide = (question: AuthorizationQuestion) => AuthorizationAnswer;
type Asked = Omit<AuthorizationQuestion, "verb">;

class Check {
  readonly decide: Decide;
  readonly asked: Asked;
  constructor(decide: Decide, asked: Asked = {}) {
    this.decide = decide;
    this.asked = asked;
  }
}
export class CelAuthorizer extends Check {}
class PathCheck extends Check {}
class GroupCheck extends Check {}
class ResourceCheck extends Check {}
/** The value of `authorizer.requestResource`. */
export const requestResourceCheck = (
  decide: Decide,
  asked: Omit<AuthorizationQuestion, "verb">,
): unknown => new ResourceCheck(decide, asked);
class Decision {
  readonly answer: AuthorizationAnswer;
  constructor(answer: AuthorizationAnswer) {
    this.answer = answer;
  }
}

function filled(text: string, what: string): string {
  if (text.trim() === "") throw new Error(`${what} must not be empty`);
  return text;
}
function check({ decide, asked }: Check, verb: string): Decision {
  spend(checkCost);
  return new Decision(decide({ ...asked, verb }));
}

export const authorizerLibrary: Library = (environment) => {
  for (const [name, ctor] of [
    [authorizerType, CelAuthorizer],
    [pathType, PathCheck],
    [groupType, GroupCheck],
    [resourceType, ResourceCheck],
    [decisionType, Decision],
  ] as const)
    environment.registerType(name, ctor);
  environment
    .registerFunction(
      `${authorizerType}.path(string): ${pathType}`,
      ({ decide, asked }: Check, path: string) =>
        new PathCheck(decide, { ...asked, path: filled(path, "path") }),
    )
    .registerFunction(
      `${authorizerType}.group(string): ${groupType}`,
      ({ decide, asked }: Check, group: string) => new GroupCheck(decide, { ...asked, group }),
    )
    .registerFunction(
      `${authorizerType}.serviceAccount(string, string): ${authorizerType}`,
      ({ decide }: Check, namespace: string, name: string) =>
        new CelAuthorizer(decide, { serviceAccount: { namespace, name } }),
    )
    .registerFunction(
      `${groupType}.resource(string): ${resourceType}`,
      ({ decide, asked }: Check, resource: string) =>
        new ResourceCheck(decide, { ...asked, resource: filled(resource, "resource") }),
    );
  for (const part of [
    "subresource",
    "namespace",
    "name",
    "fieldSelector",
    "labelSelector",
  ] as const)
    environment.registerFunction(
      `${resourceType}.${part}(string): ${resourceType}`,
      ({ decide, asked }: Check, value: string) =>
        new ResourceCheck(decide, value === "" ? asked : { ...asked, [part]: value }),
    );
  environment
    .registerFunction(`${pathType}.check(string): ${decisionType}`, check)
    .registerFunction(`${resourceType}.check(string): ${decisionType}`, check)
    .registerFunction(`${decisionType}.allowed(): bool`, ({ answer }: Decision) => answer.allowed)
    .registerFunction(
      `${decisionType}.reason(): string`,
      ({ answer }: Decision) => answer.reason ?? "",
    )
    .registerFunction(
      `${decisionType}.errored(): bool`,
      ({ answer }: Decision) => answer.error !== undefined,
    )
    .registerFunction(
      `${decisionType}.error(): string`,
      ({ answer }: Decision) => answer.error ?? "",
    );
};
