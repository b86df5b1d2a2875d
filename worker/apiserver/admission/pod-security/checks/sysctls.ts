/** Upstream: pod-security-admission/policy/check_sysctls.go. */
import type { Check, Find } from "#apiserver/admission/pod-security/check.ts";

const first = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
];
const since27 = [...first, "net.ipv4.ip_local_reserved_ports"];
const since29 = [
  ...since27,
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
];
const since32 = [...since29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

const finder =
  (allowed: readonly string[]): Find =>
  ({ spec }) => {
    const bad = (spec.securityContext?.sysctls ?? [])
      .map(({ name }) => name)
      .filter((name) => !allowed.includes(name));
    return bad.length === 0 ? undefined : { reason: "forbidden sysctls", detail: bad.join(", ") };
  };

export const sysctls: Check = {
  id: "sysctls",
  level: "baseline",
  versions: [
    { from: 0, find: finder(first) },
    { from: 27, find: finder(since27) },
    { from: 29, find: finder(since29) },
    { from: 32, find: finder(since32) },
  ],
};
