/** DeviceClass. Upstream: pkg/registry/resource/deviceclass/strategy.go, pkg/apis/resource/validation ValidateDeviceClass. */
import type { V1DeviceClass } from "#apimachinery/api/resource-v1.ts";
import { FieldPath, required, tooMany } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, requiredName } from "#apiserver/kinds/rules/rule.ts";
import { selectors } from "./selectors.ts";

const at = new FieldPath("spec");
const mostConfigs = 32;

export const deviceClass: Kind<V1DeviceClass> = {
  gvk: "resource.k8s.io/v1/DeviceClass",
  generation: true,
  validate({ spec }) {
    const errors: Errors = [];
    selectors(errors, at.child("selectors"), spec?.selectors);
    const configs = spec?.config ?? [];
    if (configs.length > mostConfigs)
      errors.push(tooMany(at.child("config"), configs.length, mostConfigs));
    for (const [i, { opaque }] of configs.entries()) {
      const here = at.child("config").index(i).child("opaque");
      if (opaque === undefined) errors.push(required(here));
      else requiredName(errors, here.child("driver"), opaque.driver, dns1123Subdomain);
    }
    return errors;
  },
  columns: columnsOf(),
};
