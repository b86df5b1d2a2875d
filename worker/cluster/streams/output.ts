/**
 * attach to a process that reads nothing: its lines from now on, as they come.
 * Upstream: pkg/kubelet/cri/streaming/remotecommand/attach.go.
 */
import { exited } from "#apiserver/streams/remote-command.ts";
import type { RunningContainer } from "#kubelet/server/container.ts";
import type { Connection, Wire } from "./connection.ts";
import { Channels, type RemoteCommand } from "./remote-command.ts";

interface State {
  /** Lines before that have been told, cluster time. */
  readonly fromMs: number;
}

export class OutputConnection implements Connection {
  readonly #channels: Channels;
  readonly #container: RunningContainer | undefined;
  readonly #nowMs: () => number;
  #fromMs: number;

  constructor(
    wire: Wire,
    asked: RemoteCommand,
    world: { readonly container: RunningContainer | undefined; nowMs(): number },
    kept?: State | null,
  ) {
    this.#channels = new Channels(wire, asked);
    if (kept === undefined) this.#channels.greet();
    this.#container = world.container;
    this.#nowMs = () => world.nowMs();
    this.#fromMs = kept?.fromMs ?? world.nowMs();
  }

  /** Its lines are worked out from the clock, so the clock must be looked at. */
  get isBusy(): boolean {
    return !this.#channels.isOver;
  }
  get state(): State {
    return { fromMs: this.#fromMs };
  }

  receive(): void {
    // Nobody reads what is typed.
  }

  look(): void {
    const container = this.#container;
    if (this.#channels.isOver) return;
    if (container === undefined) return this.#channels.end(exited(0));
    const { process, startedMs, isRunning } = container;
    const toMs = this.#nowMs() + 1;
    for (const { stream, text } of process.lines(this.#fromMs - startedMs, toMs - startedMs))
      this.#channels.write(stream, `${text}\n`);
    this.#fromMs = toMs;
    if (!isRunning) this.#channels.end(exited(0));
  }
}
