/**
 * A watch over a WebSocket: each event is a message, text for JSON and bytes for protobuf. The cluster sends an
 * ordinary watch; the socket is held here. Upstream: apiserver/pkg/endpoints/handlers/watch.go HandleWS.
 */

/** 101 with the client's end; the watch ends when either side does. */
export function socketOf(watch: Response): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  const isText = (watch.headers.get("content-type") ?? "").startsWith("application/json");
  const reader = (watch.body as ReadableStream<Uint8Array>).getReader();
  const stop = (): void => void reader.cancel().catch(() => undefined);
  server.addEventListener("close", stop);
  server.addEventListener("error", stop);
  void pump(reader, isText ? textMessages() : frames(), server);
  return new Response(null, { status: 101, webSocket: client });
}

type Messages = (chunk: Uint8Array) => readonly (string | Uint8Array)[];

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  messages: Messages,
  socket: WebSocket,
): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const message of messages(value)) socket.send(message);
    }
    socket.close(1000);
  } catch {
    // The client went away, or the cluster did: nobody is left to be told.
    socket.close(1011);
  }
}

/** Lines, with their ends, as Go's encoder writes them. */
function textMessages(): Messages {
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    return lines.map((line) => `${line}\n`);
  };
}

/** Events without their lengths: a message has its own. */
function frames(): Messages {
  let rest = new Uint8Array();
  return (chunk) => {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const found: Uint8Array[] = [];
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = new DataView(bytes.buffer, at).getUint32(0);
      if (bytes.length - at - 4 < length) break;
      found.push(bytes.slice(at + 4, at + 4 + length));
      at += 4 + length;
    }
    rest = bytes.slice(at);
    return found;
  };
}
