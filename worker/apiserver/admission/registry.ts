/** The admission plugins, in upstream's order. */
import type { Admission } from "./admission.ts";

export const admissions: readonly Admission[] = [];
