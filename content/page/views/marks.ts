/** Small parts that several views share. */
import { html, svg, type TemplateResult } from "lit";

/** `**bold**` and `*italic*`, nothing else. */
export function marked(text: string): TemplateResult {
  const parts = text.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/);
  return html`${parts.map((part) =>
    part.startsWith("**")
      ? html`<b>${part.slice(2, -2)}</b>`
      : part.startsWith("*") && part.length > 2
        ? html`<i>${part.slice(1, -1)}</i>`
        : part,
  )}`;
}

export const unmarked = (text: string): string => text.replaceAll("*", "");

const icon = (shape: ReturnType<typeof svg>): TemplateResult =>
  html`<svg viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;
export const backIcon: TemplateResult = icon(svg`<path d="M9.5 3.5L5 8l4.5 4.5"/>`);
export const closeIcon: TemplateResult = icon(svg`<path d="M4 4l8 8m0-8l-8 8"/>`);
export const themeIcon: TemplateResult = icon(
  svg`<circle cx="8" cy="8" r="5.4"/><path d="M8 2.6v10.8A5.4 5.4 0 0 0 8 2.6z" fill="currentColor"/>`,
);

/** Blocks like those of a map's scale bar: done, current, to come. */
export function ruler(done: number, current: number, all: number, label: string): TemplateResult {
  const blocks = Array.from({ length: all }, (_, i) => (i < done ? "d" : i === current ? "c" : ""));
  return html`<div class="ruler" role="img" aria-label=${label}>
    ${blocks.map((name) => html`<span class=${name}></span>`)}
  </div>`;
}
