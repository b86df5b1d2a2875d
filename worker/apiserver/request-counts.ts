/** How many requests there were, of people and components, since this instance woke. Upstream: apiserver/pkg/endpoints/metrics/metrics.go. */
import type { ApiRequest } from "./request.ts";

export interface RequestCount {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** `cluster`, `namespace`, `resource`; "" for what is no resource. */
  readonly scope: string;
  readonly dryRun: boolean;
  readonly code: number;
  count: number;
}

/** What part of the cluster a request is about. */
export const scopeOf = ({ isResource, name, namespace, verb }: ApiRequest["info"]): string => {
  if (!isResource) return "";
  if (name !== "" || verb === "create") return "resource";
  return namespace === "" ? "cluster" : "namespace";
};

export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>();

  count({ info, options }: ApiRequest, code: number): void {
    const { verb, group, version, resource, subresource, isResource, path } = info;
    const scope = scopeOf(info);
    const dryRun = options.dryRun === true;
    const id = `${code} ${verb} ${scope} ${resource} ${subresource} ${group} ${version} ${dryRun}`;
    const known = this.#counts.get(id);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const part = isResource ? subresource : `/${path.split("/")[1] ?? ""}`;
    const made = {
      verb,
      group,
      version,
      resource,
      subresource: part,
      scope,
      dryRun,
      code,
      count: 1,
    };
    this.#counts.set(id, made);
  }

  all(): readonly RequestCount[] {
    return [...this.#counts.values()];
  }
}
