/** The picture's pane: the layout that fits, the keys that walk it. */
import { html, type TemplateResult } from "lit";
import { draw } from "#content/page/picture/draw.ts";
import { layouts } from "#content/page/picture/layouts.ts";
import type { Place } from "#content/page/picture/layout.ts";
import { scene } from "#content/page/picture/scene.ts";
import type { State } from "#content/page/state.ts";
import type { Actions } from "./actions.ts";

const placeOf = (target: EventTarget | null): Place | undefined =>
  (target as Element | null)?.closest<SVGElement>("[data-place]")?.dataset["place"] as
    | Place
    | undefined;

function move(event: KeyboardEvent, by: number): void {
  const map = event.currentTarget as Element;
  const places = [...map.querySelectorAll<SVGElement>("svg.shown [data-place]")];
  const at = places.indexOf((event.target as Element).closest("[data-place]") as SVGElement);
  const next = places[(at + by + places.length) % places.length];
  for (const place of places) place.setAttribute("tabindex", place === next ? "0" : "-1");
  next?.focus();
}

export function mapPane(state: State, actions: Actions, narrow: boolean): TemplateResult {
  const { recording, cursor, t, inspected } = state;
  const picture = scene(layouts[narrow ? "tall" : "wide"], recording, cursor, t);
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") move(event, 1);
    else if (event.key === "ArrowUp") move(event, -1);
    else if (event.key === "Enter" || event.key === " ") {
      const place = placeOf(event.target);
      if (place !== undefined) actions.open(place);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const click = (event: MouseEvent): void => {
    const place = placeOf(event.target);
    if (place !== undefined) actions.open(place);
  };
  return html`<div class="map" @keydown=${keys} @click=${click}>
    ${draw(picture, { open: inspected?.place ?? "", label: "Map of the cluster" })}
  </div>`;
}
