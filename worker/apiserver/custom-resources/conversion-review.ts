/**
 * What a conversion webhook is asked, and what its answer comes to: the converted objects, or upstream's words.
 * Upstream: apiextensions-apiserver/pkg/apiserver/conversion/webhook_converter.go.
 * Differs: managedFields are not sent along, because no object in memory has them.
 */
import { aggregated } from "#apimachinery/aggregate.ts";
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { type FieldError, FieldPath } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { sha256 } from "#apimachinery/sha256.ts";
import { StatusError } from "#apimachinery/status.ts";
import { goType } from "#apimachinery/typed/value.ts";
import { statusText } from "#apiserver/admission/webhooks/ask.ts";
import { parsedReview } from "#apiserver/admission/webhooks/review.ts";
import { validateAnnotations, validateLabels } from "#apiserver/object-meta.ts";
import type { Heard } from "#apiserver/world.ts";

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const group = "apiextensions.k8s.io";
/** The newest a webhook of each version understands. */
const versions = ["v1", "v1beta1"];

export interface Question {
  readonly definition: V1CustomResourceDefinition;
  /** Of one version, or the items of a list. */
  readonly objects: readonly KubeObject[];
  readonly isList: boolean;
  /** `example.com/v1`. */
  readonly to: string;
}

/**
 * The same objects are the same question: an answer that has come is found again, also when the server has drawn
 * another uid since.
 */
export function uidOf({ objects, to }: Question): string {
  const drawn = objects.map(({ metadata, ...rest }) => {
    const { uid: _uid, creationTimestamp: _at, resourceVersion: _version, ...kept } = metadata;
    return [kept, rest];
  });
  const hex = [...sha256(`${to} ${JSON.stringify(drawn)}`).subarray(0, 16)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function reviewVersion({ spec }: V1CustomResourceDefinition): string {
  const understood = spec.conversion?.webhook?.conversionReviewVersions ?? [];
  return `${group}/${understood.find((one) => versions.includes(one)) ?? "v1"}`;
}

export const reviewOf = (question: Question): string =>
  JSON.stringify({
    kind: "ConversionReview",
    apiVersion: reviewVersion(question.definition),
    request: {
      uid: uidOf(question),
      desiredAPIVersion: question.to,
      objects: question.objects,
    },
  });

export interface Answered {
  /** As it was asked. */
  readonly question: Question;
  readonly heard: Heard;
}

/** `present`, asked about as `question`, in their order. Throws a 500 in upstream's words. `url`: of the webhook. */
export function convertedObjects(
  { question, heard }: Answered,
  present: readonly KubeObject[],
  url: string,
): readonly KubeObject[] {
  const { objects, isList, to } = question;
  const [first] = objects;
  const kind = isList ? `${first?.kind}List` : first?.kind;
  const of = `conversion webhook for ${first?.apiVersion}, Kind=${kind}`;
  const response = responseOf(question, heard, url);
  if (typeof response === "string") throw failed(`${of} failed: ${response}`);
  if (response.length !== objects.length)
    throw failed(`${of} returned ${response.length} objects, expected ${objects.length}`);
  return objects.map((object, i) => {
    const made = response[i];
    const which = isList ? `converted object at index ${i}` : "object";
    const problem = isObject(made)
      ? problemOf(object, made, to, isList)
      : `: Object 'Kind' is missing in '${JSON.stringify(made)}'`;
    if (problem !== undefined) throw failed(`${of} returned invalid ${which}${problem}`);
    const restored = withMetaOf(present[i] as KubeObject, made as unknown as KubeObject);
    if (typeof restored !== "string") return restored;
    const where = isList ? ` in object at index ${i}` : "";
    throw failed(`${of} returned invalid metadata${where}: ${restored}`);
  });
}

/** What the webhook says it made; a text: why nothing. Upstream: getConvertedObjectsFromResponse. */
function responseOf(question: Question, heard: Heard, url: string): readonly unknown[] | string {
  if ("failure" in heard) return `Post ${JSON.stringify(url)}: ${heard.failure}`;
  if (heard.status < 200 || heard.status > 206) return statusText(heard);
  const review = parsedReview(heard.text);
  if (typeof review === "string") return review;
  const expected = reviewVersion(question.definition);
  const isFirst = expected === `${group}/v1`;
  const { apiVersion, kind, response } = review;
  if (isFirst && (apiVersion !== expected || kind !== "ConversionReview"))
    return `expected webhook response of ${expected}, Kind=ConversionReview, got ${String(apiVersion)}, Kind=${String(kind)}`;
  if (!isObject(response)) return "no response provided";
  const { uid = "", result = {}, convertedObjects: made } = response;
  const asked = uidOf(question);
  if (isFirst && uid !== asked)
    return `expected response.uid=${JSON.stringify(asked)}, got ${JSON.stringify(uid)}`;
  const { status = "", message } = result as { status?: string; message?: string };
  if (status !== "Success")
    return message || `response.result.status was '${status}', not 'Success'`;
  return Array.isArray(made) ? (made as readonly unknown[]) : [];
}

/** Upstream: validateConvertedObject. */
function problemOf(
  object: KubeObject,
  made: Json,
  to: string,
  isList: boolean,
): string | undefined {
  const { apiVersion, kind = "", metadata } = made;
  // As upstream prints it: of one object the place is told for these two alone.
  const at = isList ? "" : " at index 0";
  if (apiVersion !== to)
    return `${at}: invalid groupVersion (expected ${to}, received ${String(apiVersion)})`;
  if (kind !== object.kind)
    return `${at}: invalid kind (expected ${object.kind}, received ${String(kind)})`;
  const meta = isObject(metadata) ? metadata : {};
  for (const [field, name] of [
    ["name", "name"],
    ["namespace", "namespace"],
    ["uid", "UID"],
  ] as const) {
    const was = object.metadata[field] ?? "";
    const is = typeof meta[field] === "string" ? meta[field] : "";
    if (was !== is) return `: must have the same ${name}: ${was} != ${is}`;
  }
  return undefined;
}

/** All metadata but labels and annotations is the original's; a text: what is wrong. Upstream: restoreObjectMeta. */
function withMetaOf(object: KubeObject, made: KubeObject): KubeObject | string {
  const { kind, apiVersion, metadata: given, ...rest } = made as KubeObject & Json;
  if (given === undefined) return "missing metadata in converted object";
  if (!isObject(given)) return `invalid metadata of type ${goType(given)} in converted object`;
  const { labels: _labels, annotations: _annotations, ...metadata } = object.metadata;
  const kept: { labels?: StringMap; annotations?: StringMap } = {};
  for (const field of ["labels", "annotations"] as const) {
    const said = given[field];
    if (said === undefined || said === null) continue;
    if (!isObject(said))
      return `invalid metadata.${field} of type ${goType(said)} in converted object`;
    for (const [key, value] of Object.entries(said))
      if (typeof value !== "string")
        return `metadata.${field}[${key}] must be a string, but is ${goType(value)} in converted object`;
    const errors = problemsOf(field, said as StringMap);
    if (errors.length > 0) return errorText(errors);
    kept[field] = said as StringMap;
  }
  return { kind, apiVersion, metadata: { ...metadata, ...kept }, ...rest };
}

type StringMap = Readonly<Record<string, string>>;
const meta = new FieldPath("metadata");

const problemsOf = (field: "labels" | "annotations", map: StringMap): readonly FieldError[] =>
  field === "labels"
    ? validateLabels(map, meta.child("labels"))
    : validateAnnotations(map, meta.child("annotation"));

const errorText = (errors: readonly FieldError[]): string =>
  aggregated(errors.map(({ field, message }) => `${field}: ${message}`));

export const failed = (message: string): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    code: 500,
  });
