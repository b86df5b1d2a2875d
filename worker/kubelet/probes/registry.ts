/** Every way to ask. A probe names exactly one. */
import { exec } from "./exec.ts";
import { grpc } from "./grpc.ts";
import { httpGet } from "./http-get.ts";
import type { Prober } from "./probe.ts";
import { tcpSocket } from "./tcp-socket.ts";

export const probers: readonly Prober[] = [httpGet, tcpSocket, exec, grpc];
