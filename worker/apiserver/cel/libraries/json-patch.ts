/** `jsonpatch.escapeKey("a/b")`: a key as one part of a JSON pointer. Upstream: apiserver/pkg/cel/library/jsonpatch.go. */
import { patchTexts } from "#apiserver/cel/object-syntax.ts";
import { type Library, namespace } from "./library.ts";

export const jsonPatchLibrary: Library = (environment) => {
  const names = namespace(environment, "jsonpatch");
  environment.registerFunction(`${names}.escapeKey(string): string`, (_: unknown, key: string) =>
    key.replaceAll("~", "~0").replaceAll("/", "~1"),
  );
  for (const name of patchTexts)
    environment.registerFunction(`${name}(string): dyn`, (text: string) => text);
};
