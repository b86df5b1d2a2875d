/**
 * `Warning: 299` headers. Upstream: apiserver/pkg/endpoints/filters/warning.go, apimachinery/pkg/util/net/http.go NewWarningHeader.
 * Differs: what is not ASCII shows as `?`, because header values here are bytes of Latin-1.
 */

/** Beyond this many characters each text is cut. */
const mostCharacters = 4096;
const cutTo = 256;

/** Each text once; a text with control characters is not sent, as upstream does not. */
export function addWarnings(headers: Headers, texts: readonly string[]): void {
  if (texts.length === 0) return;
  const sendable = [...new Set(texts)].filter((text) => text !== "" && !/\p{Cc}/u.test(text));
  const isLong = sendable.reduce((sum, text) => sum + text.length, 0) > mostCharacters;
  let written = 0;
  for (const text of sendable) {
    if (written >= mostCharacters) return;
    const shown = isLong ? text.slice(0, cutTo) : text;
    written += shown.length;
    const quoted = shown.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(/[^ -~]/gu, "?");
    headers.append("warning", `299 - "${quoted}"`);
  }
}
