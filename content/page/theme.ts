/** Light, dark, or as the system has it; remembered on this machine. */

export type Theme = "light" | "dark" | "";
const key = "kubestep-theme";

export function rememberedTheme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "";
}

export function rememberTheme(theme: Theme): void {
  if (theme === "") {
    localStorage.removeItem(key);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(key, theme);
    document.documentElement.dataset["theme"] = theme;
  }
}

/** The other of the two, whichever shows now. */
export function nextTheme(theme: Theme): Theme {
  const dark =
    theme === "dark" || (theme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
  return dark ? "light" : "dark";
}
