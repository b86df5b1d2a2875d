/** Expressions that choose devices. Upstream: pkg/apis/resource/validation validateSelector, dynamic-resource-allocation/cel. */
import type { V1DeviceSelector } from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, invalid, required, tooMany } from "#apimachinery/field.ts";
import { compile } from "#apiserver/cel/compile.ts";
import { baseEnvironment, type CelEnvironment } from "#apiserver/cel/environment.ts";
import { objectType } from "#apiserver/cel/object-type.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

const most = 32;
const longest = 10 * 1024;

let environment: CelEnvironment | undefined;
/** `device.driver`, `device.attributes["dra.example.com"].model`, `device.capacity["dra.example.com"].memory`. */
function deviceEnvironment(): CelEnvironment {
  if (environment !== undefined) return environment;
  const device = objectType("DRADevice", {
    driver: { type: "string", read: ({ driver }) => driver },
    attributes: { type: "map<string, dyn>", read: ({ attributes }) => attributes },
    capacity: { type: "map<string, dyn>", read: ({ capacity }) => capacity },
    allowMultipleAllocations: {
      type: "bool",
      read: ({ allowMultipleAllocations }) => allowMultipleAllocations === true,
    },
  });
  environment = baseEnvironment().extend({ types: [device], variables: { device: device.name } });
  return environment;
}

function expression(errors: Errors, at: FieldPath, text: string): void {
  if (text.length > longest) {
    errors.push({
      reason: "FieldValueTooLong",
      field: at.toString(),
      message: `Too long: may not be more than ${longest} bytes`,
    });
    return;
  }
  const compiled = compile(text, deviceEnvironment());
  if ("error" in compiled) errors.push(invalid(at, text, `compilation failed: ${compiled.error}`));
  else if (compiled.type !== "bool" && compiled.type !== "dyn")
    errors.push(
      invalid(at, text, `must evaluate to bool or the unknown type, not ${compiled.type}`),
    );
}

export function selectors(
  errors: Errors,
  at: FieldPath,
  given: readonly V1DeviceSelector[] = [],
): void {
  if (given.length > most) errors.push(tooMany(at, given.length, most));
  for (const [i, { cel }] of given.entries()) {
    const here = at.index(i).child("cel");
    if (cel === undefined) errors.push(required(here));
    else expression(errors, here.child("expression"), cel.expression ?? "");
  }
}
