/** DeviceClass. Upstream: pkg/registry/resource/deviceclass/strategy.go, pkg/apis/resource/validation ValidateDeviceClass. */
import type { V1DeviceClass } from "#apimachinery/api/resource-v1.ts";
import { FieldPath, invalid } from "#apimachinery/field.ts";
import { columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { list } from "#apiserver/kinds/rules/collection.ts";
import { isExtended } from "#apiserver/kinds/rules/resource.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { configuration } from "./configuration.ts";
import { selectors } from "./selectors.ts";

const at = new FieldPath("spec");
const mostConfigurations = 32;

export const deviceClass: Kind<V1DeviceClass> = {
  gvk: "resource.k8s.io/v1/DeviceClass",
  generation: true,
  validate({ spec }) {
    const errors: Errors = [];
    selectors(errors, at.child("selectors"), spec?.selectors);
    list(errors, at.child("config"), spec?.config, mostConfigurations, configuration);
    const { extendedResourceName: extended } = spec ?? {};
    if (extended !== undefined && !isExtended(extended))
      errors.push(
        invalid(
          at.child("extendedResourceName"),
          extended,
          "must be a valid extended resource name",
        ),
      );
    return errors;
  },
  columns: columnsOf(),
};
