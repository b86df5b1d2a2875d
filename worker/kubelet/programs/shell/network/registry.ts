/** Every command that uses the network. Which image brings which is the image's affair. */
import { curl } from "./curl.ts";
import { nc } from "./nc.ts";
import { nslookup } from "./nslookup.ts";
import { ping } from "./ping.ts";
import type { Tool } from "./tool.ts";
import { wget } from "./wget.ts";

export const tools: Readonly<Record<string, Tool>> = { wget, curl, nslookup, nc, ping };
