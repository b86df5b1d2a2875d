/** Formats in a definition's schemas that nothing checks: they are told as warnings. Upstream: apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go getUnrecognizedFormatsInCRD. */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { supportedFormat } from "#apiserver/custom-resources/schema/formats.ts";
import { subschemas, type Schema } from "#apiserver/custom-resources/schema/schema.ts";

function formatsOf(schema: Schema): readonly string[] {
  const { format } = schema;
  const own = format && supportedFormat(schema) === undefined ? [format] : [];
  return [...own, ...subschemas(schema).flatMap(formatsOf)];
}

const inAll = ({ spec }: V1CustomResourceDefinition): readonly string[] =>
  spec.versions.flatMap(({ schema }) =>
    schema?.openAPIV3Schema === undefined ? [] : formatsOf(schema.openAPIV3Schema),
  );

/** Those that `previous` has not, for an update. */
export function unknownFormats(
  definition: V1CustomResourceDefinition,
  previous?: V1CustomResourceDefinition,
): readonly string[] {
  const found = inAll(definition);
  if (previous === undefined || found.length === 0) return found;
  const known = new Set(inAll(previous));
  return found.filter((format) => !known.has(format));
}
