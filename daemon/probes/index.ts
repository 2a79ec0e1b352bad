/** Every probe, one line each. */
import type { Probe } from "./probe.ts";
import { probe as tls } from "./tls/probe.ts";

export const probes: readonly Probe[] = [tls];
