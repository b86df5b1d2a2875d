/**
 * A container's requests and limits as a variable or a file tells them: whole units of the divisor, rounded up; a
 * limit that nobody set is what the node can give. Upstream: pkg/api/v1/resource/helpers.go ExtractContainerResourceValue.
 */
import type { V1Container, V1ResourceFieldSelector } from "#apimachinery/api/core-v1.ts";
import { milliValue, wholeValue } from "#apimachinery/quantity.ts";
import type { Reader } from "./worker.ts";

type Amounts = Readonly<Record<string, string | number>>;

export function fromResource(
  { node }: Pick<Reader, "node">,
  { resources }: V1Container,
  { resource, divisor }: Pick<V1ResourceFieldSelector, "resource" | "divisor">,
): string {
  const [list = "", ...rest] = resource.split(".");
  const name = rest.join(".");
  const asked = ((list === "limits" ? resources?.limits : resources?.requests) ?? {}) as Amounts;
  const allocatable = (node.object?.status?.allocatable ?? {}) as Amounts;
  const value = name === "cpu" ? milliValue : wholeValue;
  const amount = value(asked[name]) || (list === "limits" ? value(allocatable[name]) : 0);
  return String(Math.ceil(amount / (value(divisor) || value("1"))));
}
