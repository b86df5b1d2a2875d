/** What a component's program calls itself to the API server: its fields' manager. Upstream: client-go/rest DefaultKubernetesUserAgent. */
import type { Identity } from "#client/component.ts";

/** Programs by their users; the first that fits. */
const programs: readonly (readonly [user: RegExp, program: string])[] = [
  [/^system:node:/, "kubelet"],
  [/^system:kube-scheduler$/, "kube-scheduler"],
  [/^system:serviceaccount:kube-system:kube-proxy$/, "kube-proxy"],
  [/^system:serviceaccount:kube-system:coredns$/, "coredns"],
  [/^system:kube-controller-manager$/, "kube-controller-manager"],
  [/^system:serviceaccount:kube-system:/, "kube-controller-manager"],
  [/^system:apiserver$/, "kube-apiserver"],
  [/^kubernetes-super-admin$/, "kubeadm"],
];

const known = new WeakMap<Identity, string>();

export function userAgentOf(identity: Identity): string {
  const present = known.get(identity);
  if (present !== undefined) return present;
  const program = programs.find(([user]) => user.test(identity.user))?.[1] ?? identity.user;
  known.set(identity, program);
  return program;
}
