/** Who a writer is to managedFields. Upstream: apiserver/pkg/endpoints/handlers/create.go managerOrUserAgent. */
import type { ApiRequest } from "#apiserver/request.ts";

/** Upstream: validation.FieldManagerMaxLength. */
export const longestManager = 128;

/** As Go's unicode.IsPrint has it. */
export const isPrintable = (character: string): boolean =>
  character === " " || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);

const agents = new Map<string, string>();
const mostAgents = 1000;

/** The user agent up to its first `/`, printable, 128 bytes at most. Upstream: prefixFromUserAgent. */
function agentName(userAgent: string): string {
  const known = agents.get(userAgent);
  if (known !== undefined) return known;
  const encoder = new TextEncoder();
  let name = "";
  for (const character of userAgent.split("/", 1)[0] ?? "") {
    if (!isPrintable(character)) continue;
    if (encoder.encode(name + character).length > longestManager) break;
    name += character;
  }
  if (agents.size >= mostAgents) agents.clear();
  agents.set(userAgent, name);
  return name;
}

export const managerOf = ({ options, userAgent = "" }: ApiRequest): string =>
  options.fieldManager || agentName(userAgent) || "unknown";
