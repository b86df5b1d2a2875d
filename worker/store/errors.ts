/** What can go wrong in the store, as etcd tells it apart. The API server words it for clients. */

/** The key was not at the expected revision. Upstream: etcd Txn compare. */
export class CompareFailed extends Error {
  readonly key: string;
  /** Revision the key is at; 0 = it does not exist. */
  readonly actual: number;
  constructor(key: string, actual: number) {
    super(`${key} is at revision ${actual}`);
    this.key = key;
    this.actual = actual;
  }
}
/** The revision asked for is gone. Upstream: etcd rpctypes.ErrCompacted. */
export class Compacted extends Error {
  readonly asked: number;
  readonly oldest: number;
  constructor(asked: number, oldest: number) {
    super(`revision ${asked} is compacted; the oldest is ${oldest}`);
    this.asked = asked;
    this.oldest = oldest;
  }
}
/** The revision asked for has not come yet. Upstream: etcd rpctypes.ErrFutureRev. */
export class FutureRevision extends Error {
  readonly asked: number;
  readonly newest: number;
  constructor(asked: number, newest: number) {
    super(`revision ${asked} has not come yet; the newest is ${newest}`);
    this.asked = asked;
    this.newest = newest;
  }
}
/** The object's text is over the limit. Upstream: etcd rpctypes.ErrRequestTooLarge. */
export class TooLarge extends Error {
  readonly bytes: number;
  readonly limitBytes: number;
  constructor(bytes: number, limitBytes: number) {
    super("etcdserver: request is too large");
    this.bytes = bytes;
    this.limitBytes = limitBytes;
  }
}
