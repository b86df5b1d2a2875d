/** The kubelets' endpoints for exec and attach: what is connected to what. Upstream: pkg/kubelet/server/server.go getExec, getAttach. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { internalError, type Status } from "#apimachinery/status.ts";
import type { AttachOptions, ExecOptions } from "#apiserver/world.ts";
import { readingShell } from "#kubelet/programs/script.ts";
import { containerNotFound, cannotExec } from "#kubelet/server/messages.ts";
import type { Connection, Wire } from "./connection.ts";
import type { Containers } from "./containers.ts";
import { OutputConnection } from "./output.ts";
import { Channels, CommandConnection, type RemoteCommand } from "./remote-command.ts";
import type { Kept, Opener, StreamSockets } from "./sockets.ts";

interface Refused {
  readonly asked: Pick<RemoteCommand, "protocol" | "stdout" | "stderr" | "tty">;
  readonly status: Status;
}

/** A connection that only says why there is none. */
export const refusals: Opener = {
  isOver: () => false,
  open(wire: Wire, { opened }: Kept): Promise<Connection> {
    const { asked, status } = opened as Refused;
    const channels = new Channels(wire, asked);
    channels.greet();
    channels.end(status);
    return Promise.resolve({
      receive: () => undefined,
      look: () => undefined,
      isBusy: false,
      state: {},
    });
  },
};

export const outputs = (containers: Containers): Opener => ({
  isOver: ({ container }: RemoteCommand) => !containers.isRunning(container),
  async open(wire, { opened, state }) {
    const asked = opened as RemoteCommand;
    const container = await containers.reload(asked.container);
    const nowMs = (): number => containers.nowMs();
    return new OutputConnection(wire, asked, { container, nowMs }, state as never);
  },
});

export const commands = (containers: Containers): Opener => ({
  isOver: ({ container }: RemoteCommand) => !containers.isRunning(container),
  async open(wire, { opened, state }) {
    const asked = opened as RemoteCommand;
    const container = await containers.reload(asked.container);
    const nowMs = (): number => containers.nowMs();
    return new CommandConnection(wire, asked, { container, nowMs }, state as never);
  },
});

export async function exec(
  containers: Containers,
  sockets: StreamSockets,
  pod: V1Pod,
  { container: name, command, ...asked }: ExecOptions,
): Promise<Response> {
  const { protocol } = asked;
  const refused = (status: Status): Promise<Response> =>
    sockets.open("refusal", protocol, { asked, status });
  const container = await containers.load(pod, name);
  if (container === undefined) return refused(notFound(asked, name));
  const [path = ""] = command;
  containers.tell(
    container.ref,
    "Exec",
    `container=${JSON.stringify(name)} cmd=${JSON.stringify(command)}`,
  );
  if (!container.process.hasExecutable(path))
    return refused(internalError(internalError(cannotExec(container.ref.id, path)).message).status);
  const opened: RemoteCommand = { ...asked, container: container.ref, argv: command };
  return sockets.open("command", protocol, opened);
}

/**
 * The container's own first process: a shell that waits is talked to, anything else is listened to.
 * Differs: what an attached shell prints is not in the container's log, because it is said to one client alone.
 */
export async function attach(
  containers: Containers,
  sockets: StreamSockets,
  pod: V1Pod,
  { container: name, ...asked }: AttachOptions,
): Promise<Response> {
  const { protocol } = asked;
  const container = await containers.load(pod, name);
  if (container === undefined)
    return sockets.open("refusal", protocol, { asked, status: notFound(asked, name) });
  const { ref, spec, argv } = container;
  containers.tell(ref, "Attach", `container=${JSON.stringify(name)}`);
  const tty = asked.tty && spec.tty === true;
  const isFirst = spec.stdin === true && readingShell(argv) !== undefined;
  const opened: RemoteCommand = { ...asked, tty, container: ref, argv, isFirst };
  return sockets.open(isFirst && asked.stdin ? "command" : "output", protocol, opened);
}

/** Clients of the newest protocol hear it on the error channel, older ones instead of a connection. */
export function notFound({ protocol }: Pick<AttachOptions, "protocol">, name: string): Status {
  if (protocol !== "v5.channel.k8s.io") throw internalError(containerNotFound(name));
  return internalError(`unable to upgrade connection: ${containerNotFound(name)}`).status;
}
