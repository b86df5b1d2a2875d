/** The one profile there is: Pods that name it are scheduled here. Upstream: pkg/apis/core/v1 DefaultSchedulerName. */
export const schedulerName = "default-scheduler";
