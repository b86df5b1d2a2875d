/** What Pods ask for and nodes have. Upstream: component-helpers/resource/helpers.go, pkg/scheduler/framework/types.go Resource. */
import type { V1Container, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import { milliValue, wholeValue } from "#apimachinery/quantity.ts";
import type { Resources } from "./plugin.ts";

type Quantities = Readonly<Record<string, string | number>>;

/** For containers that ask for nothing, when nodes are scored. Upstream: util/pod_resources.go. */
const leastCpuMillis = 100;
const leastMemoryBytes = 200 * 1024 * 1024;

const memo = (
  of: (value: string | number | undefined) => number,
): ((value: string | number | undefined) => number) => {
  const known = new Map<string | number, number>();
  return (value) => {
    if (value === undefined) return 0;
    let result = known.get(value);
    if (result === undefined) {
      result = of(value);
      if (known.size < 10_000) known.set(value, result);
    }
    return result;
  };
};
const millis = memo(milliValue);
const whole = memo(wholeValue);

interface Sum {
  cpuMillis: number;
  memoryBytes: number;
  ephemeralBytes: number;
  scalars: Map<string, number>;
}
const zero = (): Sum => ({ cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, scalars: new Map() });

export function resourcesOf(quantities: Quantities | undefined): Resources {
  const sum = zero();
  for (const name in quantities) {
    if (name === "cpu") sum.cpuMillis = millis(quantities[name]);
    else if (name === "memory") sum.memoryBytes = whole(quantities[name]);
    else if (name === "ephemeral-storage") sum.ephemeralBytes = whole(quantities[name]);
    else sum.scalars.set(name, whole(quantities[name]));
  }
  return sum;
}

export function add(a: Resources, b: Resources, sign: 1 | -1 = 1): Resources {
  let { scalars } = a;
  if (b.scalars.size > 0) {
    const made = new Map(scalars);
    for (const [name, value] of b.scalars) made.set(name, (made.get(name) ?? 0) + sign * value);
    scalars = made;
  }
  return {
    cpuMillis: a.cpuMillis + sign * b.cpuMillis,
    memoryBytes: a.memoryBytes + sign * b.memoryBytes,
    ephemeralBytes: a.ephemeralBytes + sign * b.ephemeralBytes,
    scalars,
  };
}
function max(a: Resources, b: Resources): Resources {
  const scalars = new Map(a.scalars);
  for (const [name, value] of b.scalars) scalars.set(name, Math.max(scalars.get(name) ?? 0, value));
  return {
    cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
    memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
    ephemeralBytes: Math.max(a.ephemeralBytes, b.ephemeralBytes),
    scalars,
  };
}
export const nothing: Resources = zero();

/** What a Pod asks for, and the same with the least for containers that ask for nothing. */
export interface PodRequest {
  readonly requests: Resources;
  readonly nonZero: Resources;
}

/** Templates share their containers. */
const known = new WeakMap<readonly V1Container[], PodRequest>();

export function podRequest(spec: V1PodSpec | undefined): PodRequest {
  if (spec === undefined) return { requests: nothing, nonZero: nothing };
  const before = known.get(spec.containers);
  if (before !== undefined) return before;
  const made = { requests: total(spec, false), nonZero: total(spec, true) };
  known.set(spec.containers, made);
  return made;
}

function total(
  { containers, initContainers = [], overhead }: V1PodSpec,
  nonZero: boolean,
): Resources {
  const of = ({ resources }: V1Container): Resources => {
    const asked = resourcesOf(resources?.requests);
    if (!nonZero) return asked;
    return {
      ...asked,
      cpuMillis: resources?.requests?.["cpu"] === undefined ? leastCpuMillis : asked.cpuMillis,
      memoryBytes:
        resources?.requests?.["memory"] === undefined ? leastMemoryBytes : asked.memoryBytes,
    };
  };
  let sum = containers.map(of).reduce((a, b) => add(a, b), nothing);
  // Init containers run one after the other; those that go on running stay on top.
  let sidecars = nothing;
  let most = nothing;
  for (const one of initContainers) {
    if (one.restartPolicy === "Always") {
      sidecars = add(sidecars, of(one));
      most = max(most, sidecars);
    } else most = max(most, add(sidecars, of(one)));
  }
  sum = max(add(sum, sidecars), most);
  return overhead === undefined ? sum : add(sum, resourcesOf(overhead));
}
