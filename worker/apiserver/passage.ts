/**
 * A request's way through the seven gates: which it has passed, where it was refused, what was said.
 */
import {
  type Explanation,
  type Fact,
  type Gate,
  gates,
  type RequestOrigin,
} from "#apimachinery/trace.ts";
import type { StatusError } from "#apimachinery/status.ts";
import type { ApiRequest, Remarks, UserInfo } from "./request.ts";

const nobody: UserInfo = { name: "", groups: [] };

export class Passage {
  /** The gate the request stands in. */
  gate: Gate = "authenticate";
  readonly warnings: string[] = [];
  /** Warnings of the token and of the version that was asked, whatever the answer is. */
  readonly remarks: string[] = [];
  readonly #details = new Map<Gate, string>();
  #annotations: Record<string, string> | null = null;
  #impersonated: UserInfo | null = null;
  #constraint = "";

  enter(gate: Gate): void {
    this.gate = gate;
  }
  /** One line for people about the gate the request stands in. */
  tell(detail: string): void {
    this.#details.set(this.gate, detail);
  }
  /** What the audit log alone is told: the first word stands. */
  record(key: string, value: string): void {
    this.#annotations ??= {};
    this.#annotations[key] ??= value;
  }
  /** What there is to say of the token that came along. */
  remark(remarks: Remarks): void {
    for (const [key, value] of Object.entries(remarks.annotations)) this.record(key, value);
    this.remarks.push(...(remarks.warnings ?? []));
  }
  /** One of several things a plugin has to say: upstream's audit annotations. */
  annotate(key: string, value: string): void {
    this.record(key, value);
    const before = this.#details.get(this.gate);
    this.tell(`${before === undefined ? "" : `${before}; `}${key}: ${value}`);
  }

  /** The request goes on as somebody else. */
  actsAs(user: UserInfo, constraint: string): void {
    this.#impersonated = user;
    this.#constraint = constraint;
  }

  #originOf(
    { info, user, userAgent = "" }: ApiRequest,
    refusal: StatusError | undefined,
  ): RequestOrigin {
    return {
      path: info.path,
      user: user ?? nobody,
      impersonated: this.#impersonated,
      constraint: this.#constraint,
      agent: userAgent,
      annotations: this.#annotations,
      refusal:
        refusal === undefined
          ? null
          : { reason: refusal.reason, details: refusal.status.details ?? null },
    };
  }

  /** What a person's request leaves in the trace: each gate in order, then the outcome. */
  facts(request: ApiRequest, outcome: number | StatusError): Explanation {
    const refusal = typeof outcome === "number" ? undefined : outcome;
    const code = typeof outcome === "number" ? outcome : outcome.code;
    const at = gates.indexOf(this.gate);
    const refused = code >= 400;
    const stages = gates.slice(0, at + 1).map((stage, i): Fact => {
      const ok = !(refused && i === at);
      return {
        type: "stage",
        data: { stage, ok, code: ok ? 0 : code, detail: this.#details.get(stage) ?? "" },
      };
    });
    const { contentType = "", query = "", options } = request;
    const told: Fact = {
      type: "request",
      data: {
        code,
        dryRun: options.dryRun === true,
        contentType,
        query,
        message: refusal?.message ?? "",
        origin: this.#originOf(request, refusal),
      },
    };
    return [...stages, told];
  }
}

/** `create`, `patch status`: the verb as the log keeps it. */
export const loggedVerb = ({ info: { verb, subresource } }: ApiRequest): string =>
  subresource === "" ? verb : `${verb} ${subresource}`;

/** `pods/default/web-1/status`, `pods/default` for a list, `/healthz` for a path. */
export function subjectOf({ info }: ApiRequest): string {
  if (!info.isResource) return info.path;
  const { resource, namespace, name, subresource } = info;
  return [resource, namespace, name, subresource].filter((part) => part !== "").join("/");
}
