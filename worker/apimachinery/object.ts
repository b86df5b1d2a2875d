/** The shape every API object has. Upstream: apimachinery/pkg/apis/meta/v1/types.go. */
import type { V1ObjectMeta } from "./api/meta-v1.ts";

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
}
