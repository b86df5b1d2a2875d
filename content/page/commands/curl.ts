/** curl, as far as the lessons use it: -s -X -H -d --data-binary -N, and the helpers y, j, pa. */
import type { Calls } from "./call.ts";

const single = new Set(["-s", "-N", "-f", "-S", "-i", "-k", "-L"]);
const dataFlags = new Set(["-d", "--data", "--data-binary", "--data-raw"]);

interface Wish {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

async function read(words: readonly string[], input: string, calls: Calls): Promise<Wish> {
  const wish: Wish = { url: "", method: "", headers: {}, body: undefined };
  for (let i = 0; i < words.length; i += 1) {
    let word = words[i] ?? "";
    // -sX POST, -sd x: the last letter of a cluster takes the value.
    const [, letters, last] = /^-([sSfNikL]+)([XHd])$/.exec(word) ?? [];
    if (letters !== undefined) word = `-${last}`;
    if (single.has(word) || /^-[sSfNikL]+$/.test(word)) continue;
    const value = (): string => words[(i += 1)] ?? "";
    if (word === "-X" || word === "--request") wish.method = value();
    else if (word === "-H" || word === "--header") {
      const [name = "", ...rest] = value().split(":");
      wish.headers[name.trim().toLowerCase()] = rest.join(":").trim();
    } else if (dataFlags.has(word)) {
      const data = value();
      const at = data.startsWith("@") && word !== "--data-raw";
      const text = !at ? data : data === "@-" ? input : await calls.world.file(data.slice(1));
      // What curl does to a file under -d: line ends are dropped.
      const sent = at && word !== "--data-binary" ? text.replaceAll(/[\r\n]/g, "") : text;
      wish.body = wish.body === undefined ? sent : `${wish.body}&${sent}`;
    } else if (word.startsWith("-"))
      throw new Error(`the page's curl has no ${word}; run this line in your own shell`);
    else wish.url = word;
  }
  return wish;
}

function pretty(text: string, type: string): string {
  if (!type.includes("json")) return text.trimEnd();
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text.trimEnd();
  }
}

export async function curl(words: readonly string[], input: string, calls: Calls): Promise<string> {
  const { url, method, headers, body } = await read(words, input, calls);
  if (url === "") throw new Error("curl: no URL specified");
  const form = body !== undefined && headers["content-type"] === undefined;
  const sent = {
    accept: "*/*",
    ...headers,
    ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
  };
  const { text, type } = await calls.send(new URL(url, location.href).href, {
    method: method || (body === undefined ? "GET" : "POST"),
    headers: sent,
    ...(body === undefined ? {} : { body }),
  });
  return pretty(text, type);
}

const helpers: Readonly<Record<string, readonly string[]>> = {
  y: ["-s", "-H", "content-type: application/yaml", "--data-binary", "@-"],
  j: ["-s", "-H", "content-type: application/json", "-d"],
  pa: ["-s", "-X", "PATCH", "-H", "content-type: application/merge-patch+json"],
};

/** y, j and pa are curl with some words put in front. */
export const helperWords = (name: string): readonly string[] | undefined => helpers[name];
