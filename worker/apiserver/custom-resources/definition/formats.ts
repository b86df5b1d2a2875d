/** Formats in a definition's schemas that nothing checks: they are told as warnings. Upstream: apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go getUnrecognizedFormatsInCRD. */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { isKnownFormat } from "#apiserver/custom-resources/schema/formats.ts";
import { subschemas, type Schema } from "#apiserver/custom-resources/schema/schema.ts";

function formatsOf(schema: Schema): readonly string[] {
  const { format } = schema;
  const own = format && !isKnownFormat(format) ? [format] : [];
  return [...own, ...subschemas(schema).flatMap(formatsOf)];
}

export const unknownFormats = ({ spec }: V1CustomResourceDefinition): readonly string[] =>
  spec.versions.flatMap(({ schema }) =>
    schema?.openAPIV3Schema === undefined ? [] : formatsOf(schema.openAPIV3Schema),
  );
