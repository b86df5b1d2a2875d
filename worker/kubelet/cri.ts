/**
 * The Container Runtime Interface as the kubelet speaks it: RuntimeService, ImageService.
 * A call answers at once with what the runtime will have done by `doneAtMs`; the kubelet comes back then.
 * Upstream: cri-api/pkg/apis/services.go.
 */
export interface PodSandboxConfig {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly attempt: number;
  readonly hostNetwork: boolean;
}
export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
}
/** Either an error text as the runtime words it, or a value and the cluster time when it holds. */
export type CriResult<T> = { readonly error: string } | { readonly value: T; readonly doneAtMs: number };
