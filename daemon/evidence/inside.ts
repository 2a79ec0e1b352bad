/** Evidence from inside a host: a login, an agent or a file carried over saw the same, so each may settle what another said. */
import type { Kind, Source } from "./record.ts";

/** Kinds that are only ever told from inside, and by everybody who is inside alike. */
const inside: ReadonlySet<Kind> = new Set<Kind>(["packages", "system"]);

export function isInsideKind(kind: string): boolean {
	return (inside as ReadonlySet<string>).has(kind);
}

/** Two ways of seeing a kind see equally much of it. */
export function seesAlike(kind: string, one: Source, other: Source): boolean {
	return one === other || (isInsideKind(kind) && one !== "network" && other !== "network");
}
