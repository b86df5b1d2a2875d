/** Where a metric comes from: its `type`, and the field that says more. */
export type Source = "object" | "external" | "pods" | "resource" | "containerResource";

export const fieldOf: Readonly<Record<string, Source>> = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
};
