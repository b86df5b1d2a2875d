/**
 * What authorizers are told of a request: its path, and for reads of collections its selectors. One that
 * names a single object (`metadata.name=web`) is asked about by that name.
 * Upstream: apiserver/pkg/endpoints/filters/authorization.go GetAuthorizerAttributes, request/requestinfo.go.
 */
import { pathSegmentName } from "#apimachinery/names.ts";
import type { Selector } from "#apimachinery/selector.ts";
import { parseFields, parseSelector, SelectorError } from "#apimachinery/selector-parser.ts";
import type { ApiRequest, RequestInfo } from "#apiserver/request.ts";

const selecting: ReadonlySet<string> = new Set(["list", "watch", "deletecollection"]);

export function attributesOf({ info, options }: Pick<ApiRequest, "info" | "options">): RequestInfo {
  const { fieldSelector, labelSelector } = options;
  if (fieldSelector === undefined && labelSelector === undefined) return info;
  if (!info.isResource || !selecting.has(info.verb)) return info;
  const fields = parsed(fieldSelector, parseFields);
  const labels = parsed(labelSelector, parseSelector);
  const named = fields.find(({ key, operator }) => key === "metadata.name" && operator === "=");
  const only = info.verb === "deletecollection" ? undefined : named?.values[0];
  const name = only !== undefined && pathSegmentName(only).length === 0 ? only : info.name;
  return { ...info, name, selectors: { fields, labels } };
}

/** What does not parse is refused later; until then it selects nothing. */
function parsed(text: string | undefined, parse: (text: string) => Selector): Selector {
  if (text === undefined) return [];
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof SelectorError) return [];
    throw error;
  }
}
