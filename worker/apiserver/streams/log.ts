/** GET pods/<name>/log: what a container printed. Upstream: pkg/registry/core/pod/strategy.go LogLocation, validation ValidatePodLogOptions. */
import type { FieldError } from "#apimachinery/field.ts";
import { badRequest, invalid } from "#apimachinery/status.ts";
import { msOfStrictly } from "#apimachinery/time.ts";
import type { LogOptions } from "#apiserver/world.ts";
import { containerOf, podOf } from "./connect.ts";
import type { Stream } from "./stream.ts";

export const log: Stream = {
  resource: "pods",
  subresource: "log",
  methods: ["GET"],
  verb: () => "get",
  async open(call) {
    const { request, query, api } = call;
    api.admitReader(request);
    const pod = podOf(call);
    const options = optionsOf(query, request.info.name);
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
  const options: LogOptions = {
    follow: isTrue("follow"),
    previous: isTrue("previous"),
    timestamps: isTrue("timestamps"),
    tailLines: number("tailLines"),
    limitBytes: number("limitBytes"),
    sinceSeconds: number("sinceSeconds"),
    sinceMs: timeIn(query.get("sinceTime")),
  };
  const errors = problemsOf(options, query.has("stream"));
  if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, pod, errors);
  return options;
}

function timeIn(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  const ms = msOfStrictly(text);
  if (!Number.isNaN(ms)) return ms;
  throw badRequest(
    `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`,
  );
}

/** Upstream: pkg/apis/core/validation/validation.go ValidatePodLogOptions; choosing a stream is behind a gate that is off. */
function problemsOf(
  { tailLines, limitBytes, sinceSeconds, sinceMs }: LogOptions,
  hasStream: boolean,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: string, value: number, detail: string): void => {
    const message = `Invalid value: ${value}: must be greater than ${detail}`;
    errors.push({ reason: "FieldValueInvalid", field, message });
  };
  const forbid = (field: string, why: string): void => {
    errors.push({ reason: "FieldValueForbidden", field, message: `Forbidden: ${why}` });
  };
  if (tailLines !== undefined && tailLines < 0) wrong("tailLines", tailLines, "or equal to 0");
  if (limitBytes !== undefined && limitBytes < 1) wrong("limitBytes", limitBytes, "0");
  if (sinceSeconds !== undefined && sinceMs !== undefined)
    forbid("", "at most one of `sinceTime` or `sinceSeconds` may be specified");
  else if (sinceSeconds !== undefined && sinceSeconds < 1) wrong("sinceSeconds", sinceSeconds, "0");
  if (hasStream) forbid("stream", "may not be specified");
  return errors;
}
