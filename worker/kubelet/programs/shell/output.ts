/** Where what a command prints goes. */
import type { Clock, Sink } from "./frame.ts";
import { linesOf, type Moments } from "./moment.ts";

export function* written(
  text: string,
  sink: Sink,
  { clock, files }: { readonly clock: Clock; readonly files: Map<string, string> },
): Moments {
  if (text === "") return;
  const { atMs } = clock;
  switch (sink.to) {
    case "nothing":
      return;
    case "pipe":
      sink.pipe.text += text;
      // Whoever reads has a turn.
      yield { atMs };
      return;
    case "file":
      files.set(sink.path, (files.get(sink.path) ?? "") + text);
      yield { atMs, files: true };
      return;
    default:
      for (const { text: line, open } of linesOf(text))
        yield { atMs, text: line, stream: sink.to, ...(open ? { open } : {}) };
  }
}
