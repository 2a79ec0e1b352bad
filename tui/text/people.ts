/**
 * What people are called: everything that says who did something keeps an identity (`unix:1000`), and one person is shown by one
 * name. As the daemon told it when this process connected, and of who has come since.
 */
import { type Person, personPattern } from "../../protocol/model/person.ts";
import { harmless } from "./harmless.ts";

const names = new Map<string, string>();

export function knowPeople(people: readonly Person[]): void {
	for (const { identity, name } of people) names.set(identity, harmless(name));
}

/** `ana` for unix:1000 and person:ana; what is nobody's identity (`rule web`, `daemon`) as it is. */
export function personName(identity: string): string {
	// Who came after this process connected is not among those it was told of; such an identity holds the name itself.
	return names.get(identity) ?? (personPattern.test(identity) ? identity.slice("person:".length) : identity);
}
