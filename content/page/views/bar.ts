/** The bar on top: mark, lesson, progress through the course, cluster, theme. */
import { html, type TemplateResult } from "lit";
import type { State } from "#content/page/state.ts";
import type { Actions } from "./actions.ts";
import { ruler, themeIcon } from "./marks.ts";

/** `46 minutes left` */
export function leftText(expiresAt: string | null | undefined, wallMs: number): string {
  if (expiresAt === undefined || expiresAt === null) return "";
  const minutes = Math.floor((Date.parse(expiresAt) - wallMs) / 60_000);
  if (!Number.isFinite(minutes)) return "";
  if (minutes < 1) return "less than a minute left";
  if (minutes < 120) return `${minutes} minutes left`;
  return minutes < 2880
    ? `${Math.floor(minutes / 60)} hours left`
    : `${Math.floor(minutes / 1440)} days left`;
}

export function bar(
  { lesson, course, overview }: State,
  actions: Actions,
  wallMs: number,
): TemplateResult {
  const all = Math.max(course.length, lesson?.number ?? 0);
  const left = leftText(overview?.expiresAt, wallMs);
  const crumb =
    lesson === undefined
      ? html`<b>Your cluster</b>`
      : html`<span
            ><span class="wide">Lesson </span>${lesson.number}<span class="wide">
              of ${all}</span
            ></span
          ><b>${lesson.title}</b>`;
  return html`<header class="bar">
    <a class="mark" href="/" aria-label="kubestep, start page">kube<i>step</i></a>
    <h1 class="crumb">${crumb}</h1>
    ${lesson === undefined ? "" : ruler(lesson.number - 1, lesson.number - 1, all, `Lesson ${lesson.number} of ${all}`)}
    <span class="grow wide"></span>
    <span class="eyebrow wide"
      >cluster
      <span class="mono">${overview?.name || overview?.id || ""}</span
      >${left === "" ? "" : `, ${left}`}</span
    >
    <button class="btn sm quiet" aria-label="Light or dark" @click=${() => actions.theme()}>
      ${themeIcon}
    </button>
  </header>`;
}
