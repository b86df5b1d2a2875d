/** The platform's routes of a cluster, in no particular order: paths never overlap. */
import type { Route } from "./platform.ts";
import { getAudit } from "./routes/audit.ts";
import { getClock, postClock } from "./routes/clock.ts";
import { etcdMembers, etcdRange, etcdStatus } from "./routes/etcd.ts";
import { getJourney } from "./routes/journey.ts";
import { getPicture } from "./routes/picture.ts";
import { getTrace } from "./routes/trace.ts";
import { getWhy } from "./routes/why.ts";

export const routes: readonly Route[] = [
  getClock,
  postClock,
  getPicture,
  getTrace,
  getAudit,
  getJourney,
  getWhy,
  etcdRange,
  etcdStatus,
  etcdMembers,
];
