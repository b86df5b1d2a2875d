/** From which nodes a slice or one of its devices can be reached. Upstream: pkg/apis/resource/validation validateResourceSliceSpec, validateDevice. */
import type { V1NodeSelector } from "#apimachinery/api/core-v1.ts";
import { type FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { nodeSelector } from "#apiserver/kinds/core/pod-spec/affinity.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

interface Choice {
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: V1NodeSelector | undefined;
  readonly allNodes?: boolean | undefined;
  readonly perDeviceNodeSelection?: boolean | undefined;
}
interface Wording {
  /** What is wrong with an empty name. */
  readonly emptyName: string;
  readonly none: string;
  readonly several: string;
}
const notTrue = "must be either unset or set to true";
const oneOfFour =
  "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
const oneOfThree =
  "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
export const ofSlice: Wording = {
  emptyName: "must be either unset or set to a non-empty string",
  none: oneOfFour,
  several: `${oneOfFour}, but multiple fields are set`,
};
export const ofDevice: Wording = {
  emptyName: "must not be empty",
  none: oneOfThree,
  several: oneOfThree,
};

export function nodeChoice(errors: Errors, at: FieldPath, given: Choice, words: Wording): void {
  const chosen: string[] = [];
  if (given.nodeName === "")
    errors.push(invalid(at.child("nodeName"), given.nodeName, words.emptyName));
  else if (given.nodeName !== undefined) {
    chosen.push("`nodeName`");
    named(errors, at.child("nodeName"), given.nodeName, dns1123Subdomain);
  }
  if (given.nodeSelector !== undefined) {
    chosen.push("`nodeSelector`");
    nodeSelector(errors, at.child("nodeSelector"), given.nodeSelector);
    const terms = given.nodeSelector.nodeSelectorTerms ?? [];
    // Selectors of several slices can be joined as long as each has one term.
    if (words === ofSlice && terms.length !== 1)
      errors.push(
        invalid(
          at.child("nodeSelector", "nodeSelectorTerms"),
          terms,
          "must have exactly one node selector term",
        ),
      );
  }
  for (const name of ["allNodes", "perDeviceNodeSelection"] as const) {
    if (given[name] === true) chosen.push(`\`${name}\``);
    else if (given[name] === false) errors.push(invalid(at.child(name), false, notTrue));
  }
  if (chosen.length === 0) errors.push(required(at, words.none));
  else if (chosen.length > 1) errors.push(invalid(at, `{${chosen.join(", ")}}`, words.several));
}

/** Only where every device chooses for itself. */
export function noNodeChoice(errors: Errors, at: FieldPath, given: Choice): void {
  if ([given.nodeName, given.nodeSelector, given.allNodes].some((one) => one !== undefined))
    errors.push(
      invalid(
        at,
        null,
        "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
      ),
    );
}
