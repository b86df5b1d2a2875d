/** Printer columns of custom resources. Upstream: apiextensions-apiserver/pkg/registry/customresource/tableconvertor/tableconvertor.go. */
import type { V1CustomResourceColumnDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { msOfStrictly } from "#apimachinery/time.ts";
import { ageColumn, nameColumn, since } from "#apiserver/kinds/columns.ts";
import type { Column } from "#apiserver/kinds/kind.ts";
import { jsonPath } from "./json-path.ts";

const age: V1CustomResourceColumnDefinition = {
  name: "Age",
  type: "date",
  description: ageColumn.description,
  jsonPath: ".metadata.creationTimestamp",
};

type Cell = string | number | boolean | null;

/** As Go prints values into text: scalars bare, the rest as JSON. */
const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

function cellOf(type: string, value: unknown, nowMs: number): Cell {
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      if (typeof value !== "string") return null;
      return Number.isNaN(msOfStrictly(value)) && value !== "" ? "<invalid>" : since(value, nowMs);
    default:
      return textOf(value);
  }
}

/** Name, then the definition's columns; Age when it has none. */
export function customColumns(
  definitions: readonly V1CustomResourceColumnDefinition[] | undefined,
): readonly Column[] {
  const own = definitions === undefined || definitions.length === 0 ? [age] : definitions;
  return [
    nameColumn,
    ...own.map(({ name: title, type, format, description, priority, jsonPath: path }): Column => {
      const find = jsonPath(path);
      return {
        name: title,
        type: type as Column["type"],
        ...(format ? { format } : {}),
        description:
          description || `Custom resource definition column (in JSONPath format): ${path}`,
        ...(priority === undefined ? {} : { priority }),
        of: (object: KubeObject, nowMs) => {
          const [value] = find(object);
          const cell = value === undefined || value === null ? null : cellOf(type, value, nowMs);
          return cell as string;
        },
      };
    }),
  ];
}
