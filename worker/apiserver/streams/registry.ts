/** Subresources whose answer is a stream of the kubelet's, not an object. */
import { log } from "./log.ts";
import type { Stream } from "./stream.ts";

export const streams: readonly Stream[] = [log];
