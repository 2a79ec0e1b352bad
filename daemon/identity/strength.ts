/**
 * What each kind of identifier is worth: how strong it is, where it means something, and whether two different values say
 * that there are two machines. A table and pure functions over it, for resolving and for the search for duplicates.
 */
import type { Identifier, IdentifierKind } from "../store/identifiers.ts";

export interface KindRule {
	/** As people call it. */
	title: string;
	/** Greater is stronger, 100 at most. A match by a kind is void where a stronger kind contradicts. */
	strength: number;
	/** `network`: the same value in another network says nothing. */
	scope: "everywhere" | "network";
	/**
	 * Who gives it. `assigned`: by us or a cloud, for this one machine. `system`: made when the system was installed.
	 * `hardware`: of the machine beneath it. `place`: of where it stands. Copies of a machine share what is `system`.
	 */
	layer: "assigned" | "system" | "hardware" | "place";
	/** Two machines whose values of this kind have none in common are two machines. */
	vetoes: boolean;
	/** The same value is enough to say: the same machine, where nothing contradicts. Others only add to others. */
	decides: boolean;
}

/**
 * In order of strength. The kinds that do not decide are only ever a suggestion by themselves: names are given again,
 * certificates are served by whole farms, adapters are carried from one desk to another.
 */
export const identifierRules: Readonly<Record<IdentifierKind, KindRule>> = {
	"agent-id": assigned("agent id", 100),
	"host-id": assigned("host id", 90),
	"cloud-instance": assigned("cloud instance", 80),
	"machine-id": {
		...{ title: "machine-id", strength: 70, scope: "everywhere", layer: "system", vetoes: true, decides: true },
	},
	"ssh-host-key": {
		...{ title: "SSH host key", strength: 60, scope: "network", layer: "system", vetoes: true, decides: true },
	},
	"dmi-uuid": {
		...{ title: "hardware UUID", strength: 50, scope: "everywhere", layer: "hardware", vetoes: true, decides: true },
	},
	mac: { title: "hardware address", strength: 40, scope: "network", layer: "hardware", vetoes: false, decides: false },
	netbios: { title: "NetBIOS name", strength: 30, scope: "network", layer: "place", vetoes: false, decides: false },
	name: { title: "host name", strength: 20, scope: "network", layer: "place", vetoes: false, decides: false },
	"tls-key": { title: "TLS key", strength: 15, scope: "network", layer: "system", vetoes: false, decides: false },
	ip: { title: "address", strength: 10, scope: "network", layer: "place", vetoes: false, decides: false },
};

function assigned(title: string, strength: number): KindRule {
	return { title, strength, scope: "everywhere", layer: "assigned", vetoes: true, decides: true };
}

/** The number that identifiers lie under which mean the same in every network. */
export const everywhere = 0;

/** The network number an identifier of a kind is stored under. */
export function networkOfKind(kind: IdentifierKind, network: number): number {
	return identifierRules[kind].scope === "everywhere" ? everywhere : network;
}

/** What two machines have in common or what sets them apart, by kind; `one` and `other` are their values. */
export interface Comparison {
	kind: IdentifierKind;
	one: string[];
	other: string[];
}

/** Values that both have, strongest kind first. Leave out what is poisoned before you call it. */
export function agreements(one: readonly Identifier[], other: readonly Identifier[]): Comparison[] {
	return compare(one, other, ({ one, other }) => one.some((value) => other.includes(value))).map((found) => {
		const common = found.one.filter((value) => found.other.includes(value));
		return { ...found, one: common, other: common };
	});
}

/** Kinds that veto and of which both have values, yet none in common; strongest first. */
export function contradictions(one: readonly Identifier[], other: readonly Identifier[]): Comparison[] {
	return compare(
		one,
		other,
		({ kind, one, other }) => identifierRules[kind].vetoes && !one.some((value) => other.includes(value)),
	);
}

function compare(
	one: readonly Identifier[],
	other: readonly Identifier[],
	keep: (comparison: Comparison) => boolean,
): Comparison[] {
	const theirs = byKind(other);
	return [...byKind(one)]
		.flatMap(([kind, values]) => {
			const comparison = { kind, one: values, other: theirs.get(kind) ?? [] };
			return comparison.other.length > 0 && keep(comparison) ? [comparison] : [];
		})
		.sort((a, b) => identifierRules[b.kind].strength - identifierRules[a.kind].strength);
}

function byKind(identifiers: readonly Identifier[]): Map<IdentifierKind, string[]> {
	const found = new Map<IdentifierKind, string[]>();
	for (const { kind, value } of identifiers) {
		const values = found.get(kind);
		if (values === undefined) found.set(kind, [value]);
		else values.push(value);
	}
	return found;
}
