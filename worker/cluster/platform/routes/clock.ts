/** GET /-/clock: mode, speed, time, what comes next. POST: sets, steps, skips; tells what happened. */
import { clockOrder } from "#cluster/platform/clock-order.ts";
import { type ClockAnswer, clockFace, type ClockFace, runClock } from "#cluster/platform/clock.ts";
import { fieldsOf } from "#apiserver/front/fields.ts";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { Route } from "#cluster/platform/platform.ts";
import { microTimeText } from "#apimachinery/time.ts";

export const getClock: Route = {
  method: "GET",
  path: "/-/clock",
  handle(request, { clock }) {
    const face = clockFace(clock);
    return formOf(request) === "json" ? json(face) : text(faceText(face));
  },
};

export const postClock: Route = {
  method: "POST",
  path: "/-/clock",
  async handle(request, { clock, driver }) {
    const order = clockOrder(await fieldsOf(request));
    const answer = await runClock(order, clock);
    clock.afterSlice();
    driver.kick();
    return formOf(request) === "json" ? json(answer) : text(answerText(answer));
  },
};

const faceText = ({ mode, speed, nowMs, rev, next }: ClockFace): string =>
  [
    `clock ${mode}${mode === "fast" ? ` ×${speed}` : ""}   ${microTimeText(nowMs)}   rev ${rev}`,
    next === null
      ? "next: nothing is due; the cluster waits for a request"
      : `next: ${next.component} ${next.key}${next.inMs > 0 ? ` in ${(next.inMs / 1000).toFixed(3)} s` : ""}`,
  ].join("\n");

const answerText = ({ clock, lines, reached, steps }: ClockAnswer): string =>
  [...lines, `${steps} steps${reached ? "" : ", not reached"}`, faceText(clock)].join("\n");
