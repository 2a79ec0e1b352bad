/**
 * Whose word counts for what an asset is called and what runs on it: who sees it from inside is believed over who looks
 * from outside, for as long as the look inside is not too old. So nothing flaps between two sources. Pure.
 */
import { isInsideKind } from "../evidence/inside.ts";
import { guessOs } from "../evidence/os-guess.ts";
import type { EvidenceRecord, RecordOf, Source } from "../evidence/record.ts";
import { gatherNames } from "../identity/identifiers.ts";
import { mayIdentify } from "../identity/never.ts";
import type { Said } from "../store/assets.ts";

/** What is known and who said so; no text: nothing is known but an address. `at` in milliseconds. */
export interface Standing {
	text: string | null;
	source: Source;
	at: number;
}

/** How long what was seen inside stands against what is guessed outside. Milliseconds. */
export const insideStandsMs = 30 * 86_400_000;

/** What it is called, by what was seen at one address; null when nobody says. */
export function nameOf(records: readonly EvidenceRecord[], hostname: string | null): Said | null {
	const names = gatherNames(hostname, records);
	const system = systemIn(records);
	const own = system === null ? undefined : gatherNames(null, [system]).find((name) => mayIdentify("name", name));
	if (system !== null && own !== undefined) {
		// What a name server has in full, the machine often knows by its first part alone.
		const full = names.find((name) => name.startsWith(`${own}.`));
		return { text: full ?? own, source: system.source };
	}
	const [name] = names;
	return name === undefined ? null : { text: name, source: "network" };
}

/** What runs on it, by what was seen; null when nobody can tell. */
export function osOf(records: readonly EvidenceRecord[]): Said | null {
	const system = systemIn(records);
	if (system?.data.os != null) return { text: system.data.os.name, source: system.source };
	const told = records.find((record) => record.kind === "host");
	const text = told?.data.os?.name ?? guessOs(records)?.name;
	return text === undefined ? null : { text, source: "network" };
}

/** What is said of a name, when it counts against what is known. A further address does not rename who has it now. */
export function countingName(
	said: Said | null,
	known: Standing,
	{ at, atMain }: { at: number; atMain: boolean },
): Said | null {
	if (said?.source === "network" && !atMain && known.text !== null) return null;
	return counting(said, known, at);
}

/** Null where nobody says anything, where it says no more than is known, or where who sees more has said otherwise. */
export function counting(said: Said | null, known: Standing, at: number): Said | null {
	if (said === null || said.source !== "network") return said;
	if (known.source === "network") return said.text === known.text ? null : said;
	return known.text !== null && at - known.at < insideStandsMs ? null : said;
}

/** The address itself, and what is inside the machine whichever address one comes in by. */
export function apartInside(records: readonly EvidenceRecord[]): {
	outside: EvidenceRecord[];
	inside: EvidenceRecord[];
} {
	const { outside = [], inside = [] } = Object.groupBy(records, ({ kind }) =>
		isInsideKind(kind) ? "inside" : "outside",
	);
	return { outside, inside };
}

function systemIn(records: readonly EvidenceRecord[]): RecordOf<"system"> | null {
	return records.find((record) => record.kind === "system") ?? null;
}
