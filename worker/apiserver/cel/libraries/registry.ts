/** The libraries of every environment, in upstream's order. Upstream: apiserver/pkg/cel/environment/base.go baseOpts. */
import { authorizerLibrary } from "./authorizer.ts";
import { cidrLibrary } from "./cidr.ts";
import { comprehensions } from "./comprehensions.ts";
import { conversions } from "./conversions.ts";
import { formatLibrary } from "./format.ts";
import { ipLibrary } from "./ip.ts";
import { jsonPatchLibrary } from "./json-patch.ts";
import type { Library } from "./library.ts";
import { listsLibrary } from "./lists.ts";
import { optionals } from "./optionals.ts";
import { quantityLibrary } from "./quantity.ts";
import { regexLibrary } from "./regex.ts";
import { semverLibrary } from "./semver.ts";
import { setsLibrary } from "./sets.ts";
import { stringsLibrary } from "./strings.ts";
import { urlLibrary } from "./url.ts";

export const libraries: readonly Library[] = [
  conversions,
  urlLibrary,
  regexLibrary,
  listsLibrary,
  optionals,
  quantityLibrary,
  stringsLibrary,
  setsLibrary,
  ipLibrary,
  cidrLibrary,
  formatLibrary,
  authorizerLibrary,
  comprehensions,
  semverLibrary,
  jsonPatchLibrary,
];
