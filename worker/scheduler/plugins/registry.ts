/** The scheduler's plugins, in upstream's order. Upstream: pkg/scheduler/apis/config/v1/default_plugins.go. */
import type { Plugin } from "#scheduler/plugin.ts";
import { balancedAllocation } from "./balanced-allocation.ts";
import { imageLocality } from "./image-locality.ts";
import { nodeAffinity } from "./node-affinity.ts";
import { nodeDeclaredFeatures } from "./node-declared-features.ts";
import { nodeName } from "./node-name.ts";
import { nodePorts } from "./node-ports.ts";
import { nodeResourcesFit } from "./node-resources-fit.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";
import { taintToleration } from "./taint-toleration.ts";

export const plugins: readonly Plugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts as Plugin,
  nodeResourcesFit as Plugin,
  balancedAllocation as Plugin,
  imageLocality as Plugin,
  nodeDeclaredFeatures as Plugin,
];
