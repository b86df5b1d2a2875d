/** The button that turns the page light or dark. */
import { render } from "lit";
import { nextTheme, rememberedTheme, rememberTheme } from "./theme.ts";
import { themeIcon } from "./views/marks.ts";

export function themeButton(button: HTMLElement): void {
  let now = rememberedTheme();
  rememberTheme(now);
  render(themeIcon, button);
  button.addEventListener("click", () => {
    now = nextTheme(now);
    rememberTheme(now);
  });
}
