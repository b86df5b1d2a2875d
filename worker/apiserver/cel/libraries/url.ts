/** `url`, `isURL` and their parts. Upstream: apiserver/pkg/cel/library/urls.go. */
import type { Library } from "./library.ts";

const type = "kubernetes.URL";

/** What Go's url.ParseRequestURI makes of an absolute URI or an absolute path. */
class CelUrl {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(text: string) {
    const parts = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?]*)(?:\?(.*))?$/.exec(
      text,
    );
    if (parts === null || text === "")
      throw new Error(refusal(text, text === "" ? "empty url" : "invalid URI for request"));
    const [, scheme = "", authority = "", path = "", query = ""] = parts;
    if (scheme === "" && !text.startsWith("/"))
      throw new Error(refusal(text, "invalid URI for request"));
    if (/[^ -~\u0080-\uFFFF]/.test(text))
      throw new Error(refusal(text, "net/url: invalid control character in URL"));
    if (/\s/.test(authority)) throw new Error(refusal(text, 'invalid character " " in host name'));
    if (/%(?![0-9a-fA-F]{2})/.test(path))
      throw new Error(refusal(text, `invalid URL escape "${/%.{0,2}/.exec(path)?.[0] ?? ""}"`));
    this.text = text;
    this.scheme = scheme.toLowerCase();
    this.host = authority.slice(authority.lastIndexOf("@") + 1);
    this.path = path;
    this.query = query;
  }
  get port(): string {
    return /:(\d*)$/.exec(this.host)?.[1] ?? "";
  }
  get hostname(): string {
    return this.host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
  }
  toJSON(): string {
    return this.text;
  }
}
const refusal = (text: string, why: string): string =>
  `URL parse error during conversion from string: parse ${JSON.stringify(text)}: ${why}`;

/** Names → their values, in order. */
function query({ query: text }: CelUrl): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return found;
}

/** What Go's url.ParseRequestURI says is wrong with it, or undefined. */
export function urlProblem(text: string): string | undefined {
  try {
    void new CelUrl(text);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace("URL parse error during conversion from string: ", "");
  }
}

export const urlLibrary: Library = (environment) => {
  environment
    .registerType(type, CelUrl)
    .registerOperator(`${type} == ${type}`, (a: CelUrl, b: CelUrl) => a.text === b.text)
    .registerFunction(`url(string): ${type}`, (text: string) => new CelUrl(text))
    .registerFunction("isURL(string): bool", (text: string) => urlProblem(text) === undefined)
    .registerFunction(`${type}.getScheme(): string`, ({ scheme }: CelUrl) => scheme)
    .registerFunction(`${type}.getHost(): string`, ({ host }: CelUrl) => host)
    .registerFunction(`${type}.getHostname(): string`, ({ hostname }: CelUrl) => hostname)
    .registerFunction(`${type}.getPort(): string`, ({ port }: CelUrl) => port)
    .registerFunction(`${type}.getEscapedPath(): string`, ({ path }: CelUrl) =>
      path.replaceAll(" ", "%20"),
    )
    .registerFunction(`${type}.getQuery(): map<string, list<string>>`, query);
};
