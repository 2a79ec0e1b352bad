/** Every collector, one line each, in the order they run. */
import { accounts } from "./accounts.ts";
import type { Collector } from "./collector.ts";
import { containers } from "./containers.ts";
import { cron } from "./cron.ts";
import { files } from "./files.ts";
import { interfaces } from "./interfaces.ts";
import { languages } from "./languages.ts";
import { listeners } from "./listeners.ts";
import { logins } from "./logins.ts";
import { mounts } from "./mounts.ts";
import { packages } from "./packages.ts";
import { restart } from "./restart.ts";
import { services } from "./services.ts";
import { sshd } from "./sshd.ts";
import { sudoers } from "./sudoers.ts";
import { sysctl } from "./sysctl.ts";
import { system } from "./system.ts";

export const collectors = [
	system,
	packages,
	interfaces,
	listeners,
	accounts,
	sshd,
	sudoers,
	logins,
	sysctl,
	mounts,
	services,
	cron,
	files,
	containers,
	languages,
	restart,
] as unknown as readonly Collector[];
