/** What curl shows of an answer: its head, the meter, `--write-out`. */
import { byteLength } from "#apimachinery/byte-text.ts";
import type { WebAddress } from "#kubelet/programs/shell/network/address.ts";
import type { HttpAnswer } from "#network/connection.ts";
import { headersOf, statusLine } from "#network/http-text.ts";

/** Over TLS the servers here speak HTTP/2, in which names are small and the status has no text. */
export const headText = (answer: HttpAnswer, nowMs: number, isTls: boolean): readonly string[] => [
  isTls ? `HTTP/2 ${answer.status} ` : statusLine(answer.status),
  ...headersOf(answer, nowMs).map(([name, value]) => `${headerName(name, isTls)}: ${value}`),
  "",
];
export const headerName = (name: string, isTls: boolean): string =>
  isTls ? name.toLowerCase() : name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());

/** curl shows its meter whenever its output is no terminal. */
export function meter(bytes: number): string {
  const size = String(bytes).padStart(5);
  return [
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current",
    "                                 Dload  Upload   Total   Spent    Left  Speed",
    `100 ${size}  100 ${size}    0     0 ${String(bytes * 500).padStart(6)}      0 --:--:-- --:--:-- --:--:-- ${String(bytes * 500).padStart(5)}`,
    "",
  ].join("\n");
}

export function written(
  format: string,
  target: WebAddress,
  { status, body, headers }: HttpAnswer,
): string {
  const values: Readonly<Record<string, string>> = {
    http_code: String(status),
    response_code: String(status),
    size_download: String(byteLength(body)),
    url_effective: `${target.scheme}://${target.authority}${target.path}`,
    time_total: "0.002000",
    content_type: headers?.["Content-Type"] ?? "text/html",
  };
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? "")
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t");
}
