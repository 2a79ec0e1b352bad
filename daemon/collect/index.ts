/** Every collector, one line each, in the order they run. */
import { accounts } from "./accounts.ts";
import type { Collector } from "./collector.ts";
import { interfaces } from "./interfaces.ts";
import { listeners } from "./listeners.ts";
import { packages } from "./packages.ts";
import { restart } from "./restart.ts";
import { sshd } from "./sshd.ts";
import { system } from "./system.ts";

export const collectors = [
	system,
	packages,
	interfaces,
	listeners,
	accounts,
	sshd,
	restart,
] as unknown as readonly Collector[];
