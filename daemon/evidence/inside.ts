/** Evidence from inside a host: a login, an agent or a file carried over saw the same, so each may settle what another said. */
import type { Kind, Source } from "./record.ts";

/** Kinds that are only ever told from inside. Somebody who sees less there says that his record is not complete. */
const inside: ReadonlySet<Kind> = new Set<Kind>([
	...(["accounts", "containers", "cron", "files", "interfaces", "languages", "listeners", "logins", "mounts"] as const),
	...(["packages", "restart", "services", "sshd", "sudoers", "sysctl", "system"] as const),
]);

export function isInsideKind(kind: string): boolean {
	return (inside as ReadonlySet<string>).has(kind);
}

/** Two ways of seeing a kind see equally much of it. */
export function seesAlike(kind: string, one: Source, other: Source): boolean {
	return one === other || (isInsideKind(kind) && one !== "network" && other !== "network");
}
