/** Every image of the catalogue. Whatever is not listed runs as a generic server. */
import { agnhost } from "./agnhost/agnhost.ts";
import {
  coredns,
  etcd,
  flannel,
  flannelCni,
  kindnetd,
  kubeApiserver,
  kubeControllerManager,
  kubeProxy,
  kubeScheduler,
  pause,
} from "./cluster.ts";
import { httpd } from "./httpd.ts";
import type { Image } from "./image.ts";
import { echoserver } from "./echoserver.ts";
import { nginx } from "./nginx.ts";
import { helloApp, httpEcho, mysql, postgres, redis, whoami } from "./servers.ts";
import { alpine, busybox, curl, debian, ubuntu } from "./shells.ts";

export const images: readonly Image[] = [
  nginx,
  httpd,
  busybox,
  alpine,
  ubuntu,
  debian,
  curl,
  redis,
  postgres,
  mysql,
  httpEcho,
  whoami,
  echoserver,
  helloApp,
  agnhost,
  pause,
  etcd,
  kubeApiserver,
  kubeControllerManager,
  kubeScheduler,
  kubeProxy,
  coredns,
  kindnetd,
  flannel,
  flannelCni,
];
