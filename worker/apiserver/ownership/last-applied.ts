/**
 * From client-side to server-side apply: what kubectl's annotation says kubectl applied is no
 * conflict for kubectl, and the annotation follows what is applied.
 * Upstream: managedfields/internal/lastappliedmanager.go, lastappliedupdater.go.
 */
import { difference, has } from "#apimachinery/fieldpath/set.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { compare } from "#apimachinery/typed/compare.ts";
import { fieldsIn } from "#apimachinery/typed/fields.ts";
import { isObject, type Json } from "#apimachinery/typed/value.ts";
import { typeProblems } from "#apimachinery/typed/validate.ts";
import type { Application, Conflict } from "./apply.ts";

export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
const kubectl = "kubectl";
/** Upstream: TotalAnnotationSizeLimitB. */
const mostAnnotationBytes = 256 * 1024;

/** The conflicts that the annotation does not settle. */
export function agreedByLastApplied(
  conflicts: readonly Conflict[],
  { live, writer, versions }: Application,
): readonly Conflict[] {
  const text = live?.metadata.annotations?.[lastAppliedAnnotation];
  const version = versions(writer.apiVersion);
  if (writer.manager !== kubectl || !text || live === undefined || version === undefined)
    return conflicts;
  const applied = parsed(text);
  if (applied?.["apiVersion"] !== writer.apiVersion) return conflicts;
  const shown = version.shown(live);
  const fits = (value: unknown): boolean => typeProblems(value, version.type).length === 0;
  if (!fits(applied) || !fits(shown)) return conflicts;
  const { added, modified, removed } = compare(applied, shown, version.type);
  const fields = fieldsIn(applied, version.type);
  const agreed = difference(difference(difference(fields, modified), added), removed);
  return conflicts.filter(({ path }) => !has(agreed, path));
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Whatever somebody wrote there: it settles no conflict.
    return undefined;
  }
}

/** The object with the annotation brought up to date, when kubectl applies and it is there. */
export function withLastApplied(object: KubeObject, config: Json, manager: string): KubeObject {
  const { annotations } = object.metadata;
  if (manager !== kubectl || !annotations?.[lastAppliedAnnotation]) return object;
  const text = `${sortedText(withoutAnnotation(config))}\n`;
  const { [lastAppliedAnnotation]: before, ...others } = annotations;
  if (before === text) return object;
  let bytes = lastAppliedAnnotation.length + text.length;
  for (const [name, value] of Object.entries(others)) bytes += name.length + value.length;
  const next = bytes > mostAnnotationBytes ? others : { ...others, [lastAppliedAnnotation]: text };
  return { ...object, metadata: { ...object.metadata, annotations: next } };
}

function withoutAnnotation(config: Json): Json {
  const { metadata } = config;
  if (!isObject(metadata) || !isObject(metadata["annotations"])) return config;
  const { [lastAppliedAnnotation]: _gone, ...annotations } = metadata["annotations"];
  return { ...config, metadata: { ...metadata, annotations } };
}

/** As Go writes maps. */
function sortedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${sortedText(value[name])}`);
  return `{${parts.join(",")}}`;
}
