/** What the kubelet and its runtime say when there is nothing to connect to. */
export const containerNotFound = (name: string): string =>
  `container not found (${JSON.stringify(name)})`;

/** Upstream: containerd's and runc's words. */
export const cannotExec = (containerId: string, path: string): string =>
  `error executing command in container: failed to exec in container: failed to start exec ${JSON.stringify(containerId)}: OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(path)}: ${
    path.startsWith("/")
      ? `stat ${path}: no such file or directory`
      : "executable file not found in $PATH"
  }`;

/** Nobody listens there. Upstream: containerd's CRI plugin, sandbox_portforward_linux.go. */
export const cannotForward = (sandboxId: string, port: number): string =>
  `error forwarding port ${port} to pod ${sandboxId}, uid : failed to execute portforward in network namespace ${JSON.stringify(`/var/run/netns/cni-${sandboxId.slice(0, 8)}-${sandboxId.slice(8, 12)}-${sandboxId.slice(12, 16)}-${sandboxId.slice(16, 20)}-${sandboxId.slice(20, 32)}`)}: failed to connect to localhost:${port} inside namespace ${JSON.stringify(sandboxId)}, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `;
export const podNotRunning = (pod: string): string => `pod not found (${JSON.stringify(pod)})`;
