/** POST serviceaccounts/<name>/token: a signed token for the account. Upstream: pkg/registry/core/serviceaccount/storage/token.go, pkg/apis/authentication/validation. */
import type { V1TokenRequest } from "#apimachinery/api/authentication-v1.ts";
import type { V1Node, V1Pod, V1Secret, V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, invalid as invalidField } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest, conflict, invalid, methodNotRouted, notFound } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import {
  apiAudiences,
  type ClaimsFor,
  type TokenClaims,
  tokenClaims,
} from "#apiserver/authentication/token-claims.ts";
import { answerTo } from "#apiserver/awaiting.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import type { Call } from "#apiserver/server.ts";
import { stored } from "#apiserver/verbs/update.ts";
import { mutated, vet } from "./admitted.ts";
import { ownObject } from "./own-object.ts";
import type { Subresource } from "./subresource.ts";

const groupKind = { group: "authentication.k8s.io", kind: "TokenRequest" };
const leastSeconds = 600;
const mostSeconds = 2 ** 32;
const defaultSeconds = 3600;
/** The kubelet asks for so many seconds; such a token warns when they are over, and lives a year. */
const warnOnlySeconds = 3607;
const extendedSeconds = 365 * 24 * 3600;
const metadataPath = new FieldPath("metadata");
const expirationPath = new FieldPath("spec").child("expirationSeconds");

interface Signed {
  readonly claims: TokenClaims;
  readonly token: string;
}
type Bound = Pick<ClaimsFor, "pod" | "node" | "secret">;

export const token: Subresource = {
  name: "token",
  on: ({ gvk }) => gvk === "v1/ServiceAccount",
  handle(call): Answer {
    if (call.request.info.verb !== "create") throw methodNotRouted();
    return requested(call, ownObject<V1TokenRequest>(call));
  },
};

function requested(call: Call, sent: V1TokenRequest): Answer {
  const { request, resource, world, server, passage } = call;
  const { name, namespace } = request.info;
  const asked = mutated(call, sent);
  const wrong = misnamed(asked, name, namespace);
  if (wrong !== undefined) throw invalid(groupKind, name, [wrong]);
  const account = stored(call).previous?.value as V1ServiceAccount | undefined;
  if (account === undefined) throw notFound(resource.groupResource, name);
  const { uid } = account.metadata;
  if (asked.metadata?.uid && asked.metadata.uid !== uid)
    throw conflict(
      { group: groupKind.group, resource: groupKind.kind },
      name,
      `the UID in the token request (${asked.metadata.uid}) does not match the UID of the service account (${uid})`,
    );
  const {
    audiences: wanted = [],
    expirationSeconds = defaultSeconds,
    boundObjectRef,
  } = asked.spec ?? {};
  const audiences = wanted.length === 0 ? apiAudiences : wanted;
  const question = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { ...asked.metadata, name, namespace, uid },
    spec: {
      audiences,
      expirationSeconds,
      ...(boundObjectRef === undefined ? {} : { boundObjectRef }),
    },
  };
  passage.enter("validate");
  const errors = expirationErrors(expirationSeconds);
  if (errors.length > 0) throw invalid(groupKind, "", errors);
  vet(call, question);
  const bound = boundObjects(call, boundObjectRef);
  const extended =
    bound.pod !== undefined &&
    expirationSeconds === warnOnlySeconds &&
    audiences.every((one) => apiAudiences.includes(one));
  const claims = tokenClaims({
    account,
    ...bound,
    audiences,
    expirationSeconds: extended ? extendedSeconds : expirationSeconds,
    warnAfterSeconds: extended ? expirationSeconds : undefined,
    nowMs: world.wallMs(),
    id: world.newId(),
  });
  // For whom it is stands in the id: when that has changed meanwhile, another one is signed.
  const { aud, "kubernetes.io": about } = claims;
  const id = `token ${JSON.stringify([aud, { ...about, warnafter: 0 }, expirationSeconds])}`;
  const { keys } = server.tokens;
  const run = async (): Promise<Signed> => ({ claims, token: await keys.sign(claims) });
  const signed = answerTo(request, { id, run });
  const bornMs = signed.claims.iat * 1000;

  passage.enter("commit");
  passage.tell(`JTI=${signed.claims.jti}`);
  passage.record("authentication.kubernetes.io/issued-credential-id", `JTI=${signed.claims.jti}`);
  const object = {
    ...question,
    metadata: { ...question.metadata, creationTimestamp: timeText(bornMs) },
    status: {
      token: signed.token,
      expirationTimestamp: timeText(bornMs + expirationSeconds * 1000),
    },
  };
  return objectAnswer(object as KubeObject, false, 201, passage.warnings);
}

function misnamed(
  { metadata }: V1TokenRequest,
  name: string,
  namespace: string,
): FieldError | undefined {
  if (metadata?.name && metadata.name !== name)
    return invalidField(
      metadataPath.child("name"),
      metadata.name,
      "must match the service account name if specified",
    );
  if (metadata?.namespace && metadata.namespace !== namespace)
    return invalidField(
      metadataPath.child("namespace"),
      metadata.namespace,
      "must match the service account namespace if specified",
    );
  return undefined;
}

function expirationErrors(seconds: number): readonly FieldError[] {
  if (seconds < leastSeconds)
    return [
      invalidField(expirationPath, seconds, "may not specify a duration less than 10 minutes"),
    ];
  if (seconds > mostSeconds)
    return [
      invalidField(expirationPath, seconds, "may not specify a duration larger than 2^32 seconds"),
    ];
  return [];
}

/** The object whose end is the token's end. */
function boundObjects(
  { request, server }: Call,
  reference: NonNullable<V1TokenRequest["spec"]>["boundObjectRef"],
): Bound {
  if (reference === undefined) return {};
  const { apiVersion = "", kind = "", name = "", uid = "" } = reference;
  const { namespace } = request.info;
  const context = kindContext(server, "");
  const found = <T extends KubeObject>(resource: string, within: string): T => {
    const object = context.get<T>(`v1/${kind}`, within, name);
    if (object === undefined) throw notFound({ group: "", resource }, name);
    return object;
  };
  const same = <T extends KubeObject>(object: T): T => {
    if (uid !== "" && uid !== object.metadata.uid)
      throw conflict(
        { group: "", resource: kind },
        name,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    return object;
  };
  if (apiVersion === "v1" && kind === "Pod") {
    const pod = found<V1Pod>("pods", namespace);
    if (pod.spec?.serviceAccountName !== request.info.name)
      throw badRequest(
        `cannot bind token for serviceaccount ${JSON.stringify(request.info.name)} to pod running with different serviceaccount name.`,
      );
    const on = pod.spec.nodeName;
    same(pod);
    if (!on) return { pod };
    return { pod, node: context.get<V1Node>("v1/Node", "", on) ?? { metadata: { name: on } } };
  }
  if (apiVersion === "v1" && kind === "Node") return { node: same(found<V1Node>("nodes", "")) };
  if (apiVersion === "v1" && kind === "Secret")
    return { secret: same(found<V1Secret>("secrets", namespace)) };
  throw badRequest(`cannot bind token to object of type ${goKind(apiVersion, kind)}`);
}

/** As Go prints a GroupVersionKind. */
function goKind(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return `${group}/${version}, Kind=${kind}`;
}
