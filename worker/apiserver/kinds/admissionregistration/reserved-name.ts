/** Names that are kept for files of a later version. Upstream: pkg/apis/admissionregistration/validation WarningsForStaticSuffix. */
import type { KubeObject } from "#apimachinery/object.ts";

const suffix = ".static.k8s.io";

export const reservedName = ({ metadata }: KubeObject): readonly string[] =>
  metadata.name?.endsWith(suffix) === true
    ? [
        `metadata.name: names ending with ${JSON.stringify(suffix)} are reserved for static manifest-based configurations and cannot be managed via the API`,
      ]
    : [];
