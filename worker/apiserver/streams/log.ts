/** GET pods/<name>/log: what a container printed. Upstream: pkg/registry/core/pod/strategy.go LogLocation, validation ValidatePodLogOptions. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { badRequest, invalid, notFound } from "#apimachinery/status.ts";
import { msOf } from "#apimachinery/time.ts";
import { storageKey } from "#apiserver/registry.ts";
import type { LogOptions } from "#apiserver/world.ts";
import { containerOf } from "./connect.ts";
import type { Stream } from "./stream.ts";

export const log: Stream = {
  resource: "pods",
  subresource: "log",
  methods: ["GET"],
  verb: () => "get",
  async open({ request, query, api }) {
    api.admitReader(request);
    const { info } = request;
    const resource = api.resource(info);
    const pod = api.world.store.get(storageKey(resource, info.namespace, info.name))?.value as
      | V1Pod
      | undefined;
    if (pod === undefined) throw notFound(resource.groupResource, info.name);
    const options = optionsOf(query, info.name);
    const container = containerOf(pod, query.get("container") ?? "");
    const headers = {
      "content-type": "text/plain",
      "content-encoding": "identity",
      "cache-control": "no-cache, private",
    };
    if (!pod.spec?.nodeName) return new Response("", { headers });
    const body = api.world.kubelet?.logs(pod, container, options);
    return new Response(body ?? "", { headers });
  },
};

function optionsOf(query: URLSearchParams, pod: string): LogOptions {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null || text === "") return undefined;
    if (!/^-?\d+$/.test(text))
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  };
  const isTrue = (name: string): boolean => ["true", "1", ""].includes(query.get(name) ?? "false");
  const atLeast = (name: string, least: number): number | undefined => {
    const value = number(name);
    if (value !== undefined && value < least) {
      const message = `Invalid value: ${value}: must be greater than ${least === 0 ? "or equal to 0" : "0"}`;
      throw invalid({ group: "", kind: "PodLogOptions" }, pod, [
        { reason: "FieldValueInvalid", field: name, message },
      ]);
    }
    return value;
  };
  const since = query.get("sinceTime");
  const sinceMs = since ? msOf(since) : undefined;
  return {
    follow: isTrue("follow"),
    previous: isTrue("previous"),
    timestamps: isTrue("timestamps"),
    tailLines: atLeast("tailLines", 0),
    limitBytes: atLeast("limitBytes", 1),
    sinceSeconds: atLeast("sinceSeconds", 1),
    sinceMs,
  };
}
