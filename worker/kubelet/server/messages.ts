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
