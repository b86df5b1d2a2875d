/** Paths as a shell takes them: relative to its directory, `.` and `..` resolved. */

/** No slash at the end but the root's own. */
export function absolute(path: string, variables: ReadonlyMap<string, string>): string {
  const from = path.startsWith("/") ? path : `${variables.get("PWD") ?? "/"}/${path}`;
  const parts: string[] = [];
  for (const part of from.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Its last part, as a command is named. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Is it a directory, or in it? */
export const isBelow = (path: string, directory: string): boolean =>
  `${path}/`.startsWith(directory.replace(/\/*$/, "/"));

/** Directories are there by what is in them; an empty one is a name that ends in a slash. */
export const directoryMark = (path: string): string => (path === "/" ? "/" : `${path}/`);

export function isDirectory(files: ReadonlyMap<string, string>, path: string): boolean {
  const mark = directoryMark(path);
  if (path === "/" || files.has(mark)) return true;
  for (const file of files.keys()) if (file.startsWith(mark)) return true;
  return false;
}
export const exists = (files: ReadonlyMap<string, string>, path: string): boolean =>
  files.has(path) || isDirectory(files, path);

/** Names in a directory, sorted; those of directories end in a slash. */
export function namesIn(files: ReadonlyMap<string, string>, path: string): readonly string[] {
  const mark = directoryMark(path);
  const names = new Set<string>();
  for (const file of files.keys()) {
    if (!file.startsWith(mark) || file === mark) continue;
    const rest = file.slice(mark.length);
    const slash = rest.indexOf("/");
    names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
  }
  return [...names].toSorted();
}
