/** The admission plugins, in upstream's order. Upstream: pkg/kubeapiserver/options/plugins.go. */
import type { Admission } from "./admission.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeRestriction } from "./node-restriction.ts";
import { priority, priorityClasses } from "./priority.ts";
import { serviceAccount } from "./service-account.ts";
import { taintNodesByCondition } from "./taint-nodes.ts";

export const admissions: readonly Admission[] = [
  namespaceLifecycle,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  priority,
  priorityClasses,
  defaultTolerationSeconds,
];
