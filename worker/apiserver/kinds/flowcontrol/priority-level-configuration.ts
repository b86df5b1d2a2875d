/** PriorityLevelConfiguration. Upstream: pkg/registry/flowcontrol/prioritylevelconfiguration/strategy.go, pkg/apis/flowcontrol/validation. */
import type {
  V1LimitedPriorityLevelConfiguration,
  V1PriorityLevelConfiguration,
  V1PriorityLevelConfigurationSpec,
  V1QueuingConfiguration,
} from "#apimachinery/api/flowcontrol-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, fill, fillZero } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { between, type Errors } from "#apiserver/kinds/rules/rule.ts";
import { conditions } from "./conditions.ts";
import { mandatoryLevels } from "./mandatory.ts";

const at = new FieldPath("spec");
const mostQueues = 10_000_000;
/** What a 64-bit hash can deal. Upstream: apiserver/pkg/util/shufflesharding. */
const mostEntropyBits = 60;
const percent = [0, 100] as const;

function entropyBits(queues: number, handSize: number): number {
  let bits = 0;
  for (let i = 0; i < handSize; i += 1) bits += Math.log2(queues - i);
  return Math.ceil(bits);
}

function queuing(errors: Errors, here: FieldPath, given: V1QueuingConfiguration): void {
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = given;
  const positive = "must be positive";
  if (queueLengthLimit <= 0)
    errors.push(invalid(here.child("queueLengthLimit"), queueLengthLimit, positive));
  if (queues <= 0) errors.push(invalid(here.child("queues"), queues, positive));
  else if (queues > mostQueues)
    errors.push(invalid(here.child("queues"), queues, `must not be greater than ${mostQueues}`));
  const hand = here.child("handSize");
  if (handSize <= 0) errors.push(invalid(hand, handSize, positive));
  else if (handSize > queues)
    errors.push(invalid(hand, handSize, `should not be greater than queues (${queues})`));
  else if (entropyBits(queues, handSize) > mostEntropyBits)
    errors.push(
      invalid(
        hand,
        handSize,
        `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${mostEntropyBits}`,
      ),
    );
}

function limited(
  errors: Errors,
  here: FieldPath,
  given: V1LimitedPriorityLevelConfiguration,
): void {
  const shares = given.nominalConcurrencyShares ?? 0;
  if (shares < 0)
    errors.push(
      invalid(here.child("nominalConcurrencyShares"), shares, "must be a non-negative integer"),
    );
  const { type = "", queuing: queue } = given.limitResponse ?? {};
  const response = here.child("limitResponse");
  if (type === "Reject") {
    if (queue !== undefined)
      errors.push(
        forbidden(
          response.child("queuing"),
          "must be nil if limited.limitResponse.type is not Limited",
        ),
      );
  } else if (type === "Queue") {
    if (queue === undefined)
      errors.push(
        required(
          response.child("queuing"),
          "must not be empty if limited.limitResponse.type is Limited",
        ),
      );
    else queuing(errors, response.child("queuing"), queue);
  } else errors.push(unsupported(response.child("type"), type, ["Queue", "Reject"]));
  between(errors, here.child("lendablePercent"), given.lendablePercent, percent);
  const borrowing = given.borrowingLimitPercent;
  if (borrowing !== undefined && borrowing < 0)
    errors.push(
      invalid(
        here.child("borrowingLimitPercent"),
        borrowing,
        "if specified, must be a non-negative integer",
      ),
    );
}

function specErrors(name: string, spec: V1PriorityLevelConfigurationSpec): Errors {
  const errors: Errors = [];
  const { type = "" } = spec;
  if ((name === "exempt") !== (type === "Exempt"))
    errors.push(
      invalid(at.child("type"), type, "must be 'Exempt' if and only if `name` is 'exempt'"),
    );
  if (type === "Exempt") {
    if (spec.limited !== undefined)
      errors.push(forbidden(at.child("limited"), "must be nil if the type is not Limited"));
    const shares = spec.exempt?.nominalConcurrencyShares ?? 0;
    if (shares < 0)
      errors.push(
        invalid(
          at.child("exempt", "nominalConcurrencyShares"),
          shares,
          "must be a non-negative integer",
        ),
      );
    between(errors, at.child("exempt", "lendablePercent"), spec.exempt?.lendablePercent, percent);
  } else if (type === "Limited") {
    if (spec.exempt !== undefined)
      errors.push(forbidden(at.child("exempt"), "must be nil if the type is Limited"));
    if (spec.limited === undefined)
      errors.push(required(at.child("limited"), "must not be empty when type is Limited"));
    else limited(errors, at.child("limited"), spec.limited);
  } else errors.push(unsupported(at.child("type"), type, ["Exempt", "Limited"]));
  return errors;
}

/** How an older version keeps what this one has a field for. */
const zeroShares = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

function validate({ metadata, spec = { type: "" }, status }: V1PriorityLevelConfiguration): Errors {
  const { name = "" } = metadata;
  const errors: Errors = [];
  if (metadata.annotations?.[zeroShares] !== undefined)
    errors.push(
      forbidden(
        new FieldPath("metadata").child("annotations"),
        `annotation '${zeroShares}' is forbidden`,
      ),
    );
  errors.push(...specErrors(name, spec));
  if (name === "exempt" && (spec.type !== "Exempt" || spec.limited !== undefined))
    errors.push(
      invalid(
        at,
        spec,
        "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value",
      ),
    );
  const fixed = mandatoryLevels[name];
  if (fixed !== undefined && !equal(spec, fixed))
    errors.push(invalid(at, spec, `spec of '${name}' must equal the fixed value`));
  return [...errors, ...conditions(status?.conditions)];
}

const queue = ({ spec }: V1PriorityLevelConfiguration): V1QueuingConfiguration | undefined =>
  spec?.limited?.limitResponse?.queuing;

export const priorityLevelConfiguration: Kind<V1PriorityLevelConfiguration> = {
  gvk: "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration",
  statusKeeps: "metadata",
  defaults: (object) =>
    change(object, "spec", (spec) => {
      const exempt = change(spec, "exempt", (given) =>
        fill(given, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
      );
      return change(exempt, "limited", (given) =>
        change(
          fill(given, { nominalConcurrencyShares: 30, lendablePercent: 0 }),
          "limitResponse",
          (response) =>
            change(response, "queuing", (one) =>
              fillZero(one, { queues: 64, handSize: 8, queueLengthLimit: 50 }),
            ),
        ),
      );
    }),
  validate,
  validateStatusUpdate: ({ status }) => conditions(status?.conditions),
  columns: columnsOf(
    column(
      "Type",
      "string",
      doc("flowcontrol.v1.PriorityLevelConfigurationSpec.type"),
      ({ spec }: V1PriorityLevelConfiguration) => spec?.type ?? "",
    ),
    column(
      "NominalConcurrencyShares",
      "string",
      doc("flowcontrol.v1.LimitedPriorityLevelConfiguration.nominalConcurrencyShares"),
      ({ spec }: V1PriorityLevelConfiguration) =>
        spec?.limited?.nominalConcurrencyShares ?? "<none>",
    ),
    column(
      "Queues",
      "string",
      doc("flowcontrol.v1.QueuingConfiguration.queues"),
      (object: V1PriorityLevelConfiguration) => queue(object)?.queues ?? "<none>",
    ),
    column(
      "HandSize",
      "string",
      doc("flowcontrol.v1.QueuingConfiguration.handSize"),
      (object: V1PriorityLevelConfiguration) => queue(object)?.handSize ?? "<none>",
    ),
    column(
      "QueueLengthLimit",
      "string",
      doc("flowcontrol.v1.QueuingConfiguration.queueLengthLimit"),
      (object: V1PriorityLevelConfiguration) => queue(object)?.queueLengthLimit ?? "<none>",
    ),
  ),
};
