/**
 * What a registry would say of a reference: the image, or containerd's words for why there is none.
 */
import { httpServer } from "#kubelet/programs/http-server.ts";
import { type Image } from "./image.ts";
import type { Reference } from "./reference.ts";
import { images } from "./registry.ts";

const known: ReadonlyMap<string, Image> = new Map(images.map((image) => [image.repository, image]));

/** A well-formed name that nobody has listed: some server. Its size follows from its name. */
function generic(repository: string): Image {
  let size = 20_000_000;
  for (let i = 0; i < repository.length; i += 1)
    size = (size * 31 + repository.charCodeAt(i)) % 120_000_000;
  return {
    repository,
    sizeBytes: 5_000_000 + size,
    cmd: ["/server"],
    program: httpServer({ answer: () => ({ status: 200, body: "ok\n" }) }),
  };
}

/** Names that say of themselves that they cannot exist. */
const impossible =
  /(^|[-_./])(does-?not-?exist|doesnt-?exist|no-?such(-\w+)?|not-?exist(ing|s)?|non-?existent|nonexisting|invalid|missing|typo)([-_./]|$)/;

const notFound = (name: string): string =>
  `rpc error: code = NotFound desc = failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`;
const denied = (name: string): string =>
  `failed to pull and unpack image "${name}": failed to resolve reference "${name}": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;

const found = new Map<string, Image | string>();

/** Undefined tags, unknown repositories: the text of the pull's error. */
export function lookUp({ repository, tag, name }: Reference): Image | string {
  const present = found.get(name);
  if (present !== undefined) return present;
  const listed = known.get(repository);
  const image =
    listed === undefined
      ? impossible.test(repository)
        ? repository.startsWith("docker.io/")
          ? denied(name)
          : notFound(name)
        : impossible.test(tag)
          ? notFound(name)
          : generic(repository)
      : tag !== "" && (impossible.test(tag) || listed.tags?.test(tag) === false)
        ? notFound(name)
        : listed;
  if (found.size > 1000) found.clear();
  found.set(name, image);
  return image;
}

/** 64 hexadecimal digits that belong to a name: digests of images. */
export function digestOf(name: string): string {
  let hex = "";
  for (let word = 0; word < 8; word += 1) {
    let h = 0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b1);
    for (let i = 0; i < name.length; i += 1) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    hex += ((h ^ (h >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }
  return `sha256:${hex}`;
}
