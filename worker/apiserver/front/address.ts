/** A cluster's URL is its credential: `/clusters/<id>-<key>`. */

export interface Address {
  readonly id: string;
  /** "" = the URL names the cluster alone. */
  readonly key: string;
  /** `http://host/clusters/<id>-<key>`, no trailing slash. */
  readonly url: string;
  /** What follows it, with its slash. */
  readonly path: string;
  /** With its question mark; "" when there is none. */
  readonly search: string;
  readonly query: URLSearchParams;
}

const shape =
  /^(\w+:\/\/[^/]+\/clusters\/([a-z0-9]{3,20})(?:-([0-9a-z]{1,64}))?)(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/;
const noQuery = new URLSearchParams();

/** Of a request's URL, which the platform has made normal. */
export function addressOf(requestUrl: string): Address | undefined {
  const found = shape.exec(requestUrl);
  if (found === null) return undefined;
  const search = found[5] ?? "";
  return {
    id: found[2] ?? "",
    key: found[3] ?? "",
    url: found[1] ?? "",
    path: found[4] ?? "/",
    search: search === "?" ? "" : search,
    query: search === "" ? noQuery : new URLSearchParams(search),
  };
}
