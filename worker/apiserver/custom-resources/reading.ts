/**
 * A stored object as its definition reads it now: without what the schema does not know (any more), with the
 * defaults it has (by now). Copy on write.
 * Upstream: apiextensions-apiserver/pkg/apiserver/customresource_handler.go crdConversionRESTOptionsGetter.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Custom } from "./custom.ts";
import { defaulted, withoutNulls } from "./schema/defaulting.ts";
import { coercedMeta } from "./schema/embedded.ts";
import { pruned } from "./schema/pruning.ts";
import type { Json } from "./schema/schema.ts";

/** What came out of a conversion has no defaults of its new version. Upstream: schemaCoercingConverter. */
export const coerced = ({ schema }: Custom, object: KubeObject): KubeObject => {
  const known = pruned(object as unknown as Json, schema, []);
  return coercedMeta(withoutNulls(known, schema), schema) as unknown as KubeObject;
};

/** In the version it is stored in. Upstream: schemaCoercingDecoder, unstructuredDefaulter. */
export const asRead = (custom: Custom, object: KubeObject): KubeObject =>
  defaulted(coerced(custom, object) as unknown as Json, custom.schema) as unknown as KubeObject;
