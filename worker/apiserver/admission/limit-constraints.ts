/** The bounds a LimitRange sets, and what is said when they are crossed. Upstream: plugin/pkg/admission/limitranger/admission.go minConstraint, maxConstraint, limitRequestRatioConstraint. */
import type { Amounts } from "#apimachinery/amounts.ts";
import { canonicalQuantity, compareQuantities, parseQuantity } from "#apimachinery/quantity.ts";

export interface Asked {
  /** `Container`, `Pod`, `PersistentVolumeClaim`. */
  readonly type: string;
  readonly requests: Amounts;
  readonly limits: Amounts;
}
type Amount = string | number;
type Judge = (asked: Asked, name: string, bound: Amount) => string | undefined;

const text = canonicalQuantity;

export const minimum: Judge = ({ type, requests, limits }, name, bound) => {
  const rule = `minimum ${name} usage per ${type} is ${text(bound)}`;
  const [request, limit] = [requests[name], limits[name]];
  if (request === undefined) return `${rule}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${rule}, but request is ${text(request)}`;
  if (limit !== undefined && compareQuantities(limit, bound) < 0)
    return `${rule}, but limit is ${text(limit)}`;
  return undefined;
};

export const maximum: Judge = ({ type, requests, limits }, name, bound) => {
  const rule = `maximum ${name} usage per ${type} is ${text(bound)}`;
  const [request, limit] = [requests[name], limits[name]];
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${rule}, but limit is ${text(limit)}`;
  if (request !== undefined && compareQuantities(request, bound) > 0)
    return `${rule}, but request is ${text(request)}`;
  return undefined;
};

export const maximumRequest: Judge = ({ type, requests }, name, bound) => {
  const rule = `maximum ${name} usage per ${type} is ${text(bound)}`;
  const request = requests[name];
  if (request === undefined) return `${rule}.  No request is specified`;
  return compareQuantities(request, bound) > 0
    ? `${rule}, but request is ${text(request)}`
    : undefined;
};

const number = (amount: Amount | undefined): number =>
  Number(parseQuantity(amount ?? 0)?.nanos ?? 0n) / 1e9;

export const ratio: Judge = ({ type, requests, limits }, name, bound) => {
  const rule = `${name} max limit to request ratio per ${type} is ${text(bound)}`;
  const [request, limit] = [number(requests[name]), number(limits[name])];
  if (request === 0) return `${rule}, but no request is specified or request is 0`;
  if (limit === 0) return `${rule}, but no limit is specified or limit is 0`;
  return limit / request > number(bound)
    ? `${rule}, but provided ratio is ${(limit / request).toFixed(6)}`
    : undefined;
};
