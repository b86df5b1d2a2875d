/**
 * What Kubernetes' own documentation says of the API's types and fields, and which values an enumeration has: read
 * from the declarations of a client whose comments are those of the server's OpenAPI document.
 * Upstream: the Go comments of staging/src/k8s.io/api, served by kube-openapi with OpenAPIEnums.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const modules = join(import.meta.dirname, "../../node_modules");
const models = join(modules, "kubernetes-models");
const machinery = join(modules, "@kubernetes-models/apimachinery/apis");

export interface FieldDoc {
  readonly text: string;
  /** The values it may have, by the alphabet; undefined: it is no enumeration. */
  readonly values: readonly string[] | undefined;
}
export interface TypeDoc {
  /** "" = nothing is said of it. */
  readonly text: string;
  readonly fields: ReadonlyMap<string, FieldDoc>;
}
const nothing: TypeDoc = { text: "", fields: new Map() };

const groups = readdirSync(models, { withFileTypes: true }).filter((one) => one.isDirectory());

/** `apps.v1.Deployment` → the file that declares it; a group's folder has its whole name. */
function fileOf(type: string): string | undefined {
  const [group = "", version = "", kind = ""] = type.split(".");
  const folders =
    group === "meta"
      ? [join(machinery, "meta", version)]
      : group === "core"
        ? [join(models, version)]
        : groups
            .filter(({ name }) => name.split(".")[0] === group)
            .map(({ name }) => join(models, name, version));
  return folders.map((folder) => join(folder, `${kind}.d.ts`)).find((path) => existsSync(path));
}

const comment = String.raw`\/\*\*\n((?:(?!\*\/)[\s\S])*)\*\/\s*`;
const typeShape = new RegExp(`${comment}export interface `);
const fieldShape = new RegExp(`${comment}"([^"]+)"\\??: ([^;]+);`, "g");

/** A comment cannot hold its own end, so stars and that stand escaped in it. */
const textOf = (lines: string): string =>
  lines
    .replaceAll(/^ *\* ?/gm, "")
    .replaceAll(/\\([*/])/g, "$1")
    .trim();

/** `"TCP" | "UDP"`; lists of such values too. */
function valuesOf(declared: string): readonly string[] | undefined {
  const inner = /^Array<(.*)>$/.exec(declared)?.[1] ?? declared;
  const parts = inner.split(" | ");
  if (!parts.every((part) => /^"[^"]*"$/.test(part))) return undefined;
  return parts.map((part) => part.slice(1, -1)).toSorted();
}

const fieldsOf = (declaration: string): ReadonlyMap<string, FieldDoc> =>
  new Map(
    [...declaration.matchAll(fieldShape)].map(([, lines = "", name = "", declared = ""]) => [
      name,
      { text: textOf(lines), values: valuesOf(declared) },
    ]),
  );

export function apiDoc(type: string): TypeDoc {
  const file = fileOf(type);
  if (file === undefined) return nothing;
  const source = readFileSync(file, "utf8");
  const [declaration = ""] = source.split("export declare class");
  return { text: textOf(typeShape.exec(declaration)?.[1] ?? ""), fields: fieldsOf(declaration) };
}
