/**
 * An image of the catalogue: what a registry and the runtime know of it, and what it does.
 *
 * A new image is a file beside this one and a line in `registry.ts`.
 */
import type { Program } from "#kubelet/programs/process.ts";
import type { OwnCommands } from "./own-commands.ts";

export interface Image {
  /** `docker.io/library/nginx`. */
  readonly repository: string;
  /** Tags that exist; undefined: all do. */
  readonly tags?: RegExp | undefined;
  /** Compressed size as the registry sends it: decides how long a pull takes. */
  readonly sizeBytes: number;
  readonly entrypoint?: readonly string[] | undefined;
  readonly cmd?: readonly string[] | undefined;
  /** Ports it exposes. */
  readonly ports?: readonly number[] | undefined;
  readonly stopSignal?: string | undefined;
  /** Its user: a number, a name, or nothing for root. */
  readonly user?: string | undefined;
  /** No shell and no tools in it. */
  readonly distroless?: boolean | undefined;
  /** Commands it brings that use the network; undefined: none, or all when nobody has listed its tags. */
  readonly tools?: readonly string[] | undefined;
  /** Where its server's pages lie. */
  readonly root?: string | undefined;
  /** What its own programs answer when they are not run as its server, by its tag. */
  readonly own?: ((tag: string) => OwnCommands) | undefined;
  /** Files that come with it and that people look at: absolute path → text. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Executables that are its program; those of entrypoint and cmd are anyway. */
  readonly executables?: readonly string[] | undefined;
  /** Undefined: it has none of its own (busybox). */
  readonly program?: Program | undefined;
}
