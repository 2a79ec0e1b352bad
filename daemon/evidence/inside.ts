/** Evidence from inside a host: a login, an agent or a file carried over saw the same, so each may settle what another said. */
import { insideKinds } from "./kinds/index.ts";
import type { Source } from "./record.ts";

/** Kinds that are only ever told from inside. Somebody who sees less there says that his record is not complete. */
export function isInsideKind(kind: string): boolean {
	return Object.hasOwn(insideKinds, kind);
}

/** Two ways of seeing a kind see equally much of it. */
export function seesAlike(kind: string, one: Source, other: Source): boolean {
	return one === other || (isInsideKind(kind) && one !== "network" && other !== "network");
}
