/** A document's page: it is whole without this; only light and dark need it. */
import { themeButton } from "./theme-button.ts";

themeButton(document.querySelector("#theme") as HTMLElement);
