/** Expressions that choose devices. Upstream: pkg/apis/resource/validation validateSelector, dynamic-resource-allocation/cel. */
import type { V1DeviceSelector } from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, forbidden, invalid, required, tooLong } from "#apimachinery/field.ts";
import { compile } from "#apiserver/cel/compile.ts";
import { baseEnvironment, type CelEnvironment } from "#apiserver/cel/environment.ts";
import type { Sized } from "#apiserver/cel/estimate.ts";
import { objectType } from "#apiserver/cel/object-type.ts";
import { list } from "#apiserver/kinds/rules/collection.ts";
import { textBytes } from "#apiserver/kinds/rules/data.ts";
import type { Errors, Rule } from "#apiserver/kinds/rules/rule.ts";

const most = 32;
const longest = 10 * 1024;
const mostCost = 1_000_000;

let environment: CelEnvironment | undefined;
/** `device.driver`, `device.attributes["dra.example.com"].model`, `device.capacity["dra.example.com"].memory`. */
function deviceEnvironment(): CelEnvironment {
  if (environment !== undefined) return environment;
  const device = objectType("kubernetes.DRADevice", {
    driver: { type: "string", read: ({ driver }) => driver },
    attributes: { type: "map<string, map<string, dyn>>", read: ({ attributes }) => attributes },
    capacity: {
      type: "map<string, map<string, kubernetes.Quantity>>",
      read: ({ capacity }) => capacity,
    },
    allowMultipleAllocations: {
      type: "bool",
      read: ({ allowMultipleAllocations }) => allowMultipleAllocations === true,
    },
  });
  environment = baseEnvironment().extend({ types: [device], variables: { device: device.name } });
  return environment;
}

/** How large a device may be: text by its characters, maps by their keys. */
const domain: Sized = { mostElements: 63 };
const id: Sized = { mostElements: 32 };
const attribute: Sized = { mostElements: 64 };
const mostEntries = 32;
const deviceSize: Sized = {
  mostElements: 0,
  fields: new Map<string, Sized>([
    ["driver", { mostElements: 63 }],
    ["allowMultipleAllocations", { mostElements: 1 }],
    [
      "attributes",
      {
        mostElements: mostEntries,
        keys: domain,
        elements: {
          mostElements: mostEntries,
          keys: id,
          elements: attribute,
          anyField: attribute,
        },
      },
    ],
    [
      "capacity",
      {
        mostElements: mostEntries,
        keys: domain,
        elements: { mostElements: mostEntries, keys: id },
      },
    ],
  ]),
};

function expression(errors: Errors, at: FieldPath, text: string): void {
  if (textBytes(text) > longest) {
    errors.push(tooLong(at, longest));
    return;
  }
  const compiled = compile(text, deviceEnvironment());
  if ("error" in compiled) errors.push(invalid(at, text, `compilation failed: ${compiled.error}`));
  else if (compiled.type !== "bool" && compiled.type !== "dyn")
    errors.push(
      invalid(at, text, `must evaluate to bool or the unknown type, not ${compiled.type}`),
    );
  else if (compiled.estimate(deviceSize) > mostCost)
    errors.push(forbidden(at, "too complex, exceeds cost limit"));
}

const selector: Rule<V1DeviceSelector> = (errors, at, { cel }) => {
  const here = at.child("cel");
  if (cel === undefined) errors.push(required(here));
  else expression(errors, here.child("expression"), cel.expression ?? "");
};
export const selectors = (
  errors: Errors,
  at: FieldPath,
  given: readonly V1DeviceSelector[] | undefined,
): boolean => list(errors, at, given, most, selector);
