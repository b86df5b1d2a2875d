/**
 * One open connection to a container, behind its socket. What it knows is a cache: `state` is what another
 * instance goes on with after this one slept, and it is small, since the platform keeps it with the socket.
 */
export interface Connection {
  /** Something came from the client. */
  receive(message: string | ArrayBuffer): void;
  /** Time has passed, or the cluster has changed. */
  look(): void;
  /** Does time alone bring it further? Then the instance stays awake for it. */
  readonly isBusy: boolean;
  readonly state: unknown;
}

/** The socket as a connection sees it. */
export interface Wire {
  send(message: string | Uint8Array): void;
  /** The connection is looked at when this is over. */
  later(work: Promise<unknown>): void;
  /** Says goodbye; nothing comes after. */
  close(code: number, reason?: string): void;
}
