/**
 * exec and attach between a socket's channels and a process in a container.
 * Upstream: apiserver/pkg/util/proxy/streamtranslator.go, pkg/kubelet/cri/streaming/remotecommand.
 */
import { internalError, type StatusError } from "#apimachinery/status.ts";
import {
  channels,
  type CommandStatus,
  exited,
  messagesOf,
  outcomeBytes,
  received,
  type RemoteCommandProtocol,
} from "#apiserver/streams/remote-command.ts";
import { bytesOf, textOf } from "#apimachinery/byte-text.ts";
import type { ContainerRef, RunningContainer } from "#kubelet/server/container.ts";
import { Execution, type ShellState } from "#kubelet/server/execution.ts";
import { Terminal } from "#kubelet/server/terminal.ts";
import type { Connection, Wire } from "./connection.ts";

export interface RemoteCommand {
  readonly container: ContainerRef;
  readonly argv: readonly string[];
  readonly protocol: RemoteCommandProtocol;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  /** The container's own first process is a shell that waits for somebody to attach. */
  readonly isFirst?: boolean | undefined;
}
interface State {
  readonly shell: ShellState;
  readonly line: string;
}

/** What a client is told whose process was lost in the middle. */
export const lost = (): StatusError =>
  internalError("error executing command in container: the node's runtime was restarted");

/** Input that nobody has read yet. */
const mostInput = 8 * 1024 * 1024;
const tooMuch = (): StatusError =>
  internalError(`error executing command in container: more than ${mostInput} bytes of input wait`);

/** Upstream: client-go/tools/remotecommand TerminalSize. */
function sizeIn(text: string): Execution["input"]["size"] {
  const [width, height] = ["Width", "Height"].map((name) =>
    Number(new RegExp(`"${name}":\\s*(\\d{1,5})`).exec(text)?.[1] ?? 0),
  );
  return width && height ? { rows: height, columns: width } : undefined;
}

/** The writing side that exec and attach share. */
export class Channels {
  readonly #wire: Wire;
  readonly #asked: Pick<RemoteCommand, "protocol" | "stdout" | "stderr" | "tty">;
  isOver = false;

  constructor(wire: Wire, asked: Pick<RemoteCommand, "protocol" | "stdout" | "stderr" | "tty">) {
    this.#wire = wire;
    this.#asked = asked;
  }

  /** An empty message tells the client that the connection stands. */
  greet(): void {
    const { stdout, stderr } = this.#asked;
    this.#send(stdout ? channels.stdout : stderr ? channels.stderr : channels.error, "");
  }
  write(stream: "stdout" | "stderr", text: string): void {
    const { stdout, stderr, tty } = this.#asked;
    const isOut = tty || stream === "stdout";
    if (text === "" || !(isOut ? stdout : stderr)) return;
    const shown = tty ? text.replaceAll(/\r?\n/g, "\r\n") : text;
    this.#send(isOut ? channels.stdout : channels.stderr, shown);
  }
  end(status: CommandStatus): void {
    if (this.isOver) return;
    this.isOver = true;
    const { protocol } = this.#asked;
    const bytes = outcomeBytes(protocol, status);
    for (const message of messagesOf(protocol, channels.error, bytes)) this.#wire.send(message);
    this.#wire.close(1000);
  }

  #send(channel: number, text: string): void {
    for (const message of messagesOf(this.#asked.protocol, channel, bytesOf(text)))
      this.#wire.send(message);
  }
}

interface CommandWorld {
  nowMs(): number;
  /** Undefined: it runs no more. */
  readonly container: RunningContainer | undefined;
}

export class CommandConnection implements Connection {
  readonly #asked: RemoteCommand;
  readonly #world: CommandWorld;
  readonly #channels: Channels;
  readonly #execution: Execution | undefined;
  readonly #terminal: Terminal | undefined;

  constructor(wire: Wire, asked: RemoteCommand, world: CommandWorld, kept?: State | null) {
    this.#asked = asked;
    this.#world = world;
    this.#channels = new Channels(wire, asked);
    if (kept === undefined) this.#channels.greet();
    const { container } = world;
    if (kept === null || container === undefined) {
      this.#channels.end(container === undefined ? exited(137) : lost().status);
      return;
    }
    const { argv, stdin: hasInput, tty: isTerminal, isFirst } = asked;
    const write = (stream: "stdout" | "stderr", text: string): void =>
      this.#channels.write(stream, text);
    this.#execution = new Execution(
      container,
      { argv, hasInput, isTerminal, isFirst },
      {
        write,
        nowMs: world.nowMs(),
        state: kept?.shell,
        seek: (errand, found) => wire.later(errand.run().then(found)),
      },
    );
    if (isTerminal && hasInput)
      this.#terminal = new Terminal(
        this.#execution.input,
        (text) => write("stdout", text),
        kept?.line,
      );
  }

  get isBusy(): boolean {
    return !this.#channels.isOver && this.#execution?.waitsForTime === true;
  }
  get state(): State | undefined {
    const shell = this.#execution?.state;
    return shell === undefined ? undefined : { shell, line: this.#terminal?.line ?? "" };
  }

  receive(message: string | ArrayBuffer): void {
    const came = received(this.#asked.protocol, message);
    const input = this.#execution?.input;
    if (came === undefined || input === undefined || this.#channels.isOver) return;
    const { channel, bytes } = came;
    if (channel === channels.stdin && this.#asked.stdin) {
      if (this.#terminal !== undefined) this.#terminal.type(bytes);
      else if (input.text.length + bytes.length > mostInput)
        return this.#channels.end(tooMuch().status);
      else input.text += textOf(bytes);
    } else if (channel === channels.resize) {
      input.size = sizeIn(textOf(bytes)) ?? input.size;
      return;
    } else if (channel === channels.close && bytes[0] === channels.stdin) input.closed = true;
    else return;
    this.look();
  }

  look(): void {
    const execution = this.#execution;
    if (execution === undefined || this.#channels.isOver) return;
    execution.advance(this.#world.nowMs());
    if (execution.code !== undefined) this.#channels.end(exited(execution.code));
  }
}
