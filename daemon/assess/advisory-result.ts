/** What a finding by an advisory says: which packages, what mends it, and the command for that. Pure. */
import type { DataOf } from "../evidence/record.ts";
import type { AdvisoryVerdict } from "../knowledge/advisories/host-verdicts.ts";
import { aptWord, isPackageName } from "./package-words.ts";

type Manager = DataOf<"packages">["manager"];
type Told = AdvisoryVerdict["packages"][number];

/** Lines of packages; a kernel's advisory may name hundreds. */
const mostLines = 30;
/** Names in a command line. */
const mostNames = 20;

export function resultOf({ packages }: AdvisoryVerdict, manager: Manager): string {
	const lines = [...new Set(packages.map(lineOf))];
	const command = updateCommand(
		packages.filter(({ fix }) => fix === "available").flatMap(({ binaries }) => binaries),
		manager,
	);
	const more = lines.length - mostLines;
	return [
		...lines.slice(0, mostLines),
		...(more > 0 ? [`and ${more} more`] : []),
		...(command === null ? [] : [`Update: ${command}`]),
	].join("\n");
}

/** `openssl 3.0.11-1~deb12u1 (libssl3, openssl): fixed in 3.0.11-1~deb12u2 (Debian:12)` */
export function lineOf(told: Told): string {
	const { package: name, version, binaries, ecosystem } = told;
	const made = binaries.length === 1 && binaries[0] === name ? "" : ` (${shortList(binaries)})`;
	return `${name} ${version}${made}: ${wordsOf(told)} (${ecosystem})`;
}

function wordsOf({ fix, fixed, note }: Told): string {
	const said = note === null ? "" : `, the vendor says: ${note}`;
	if (fix === "available") return `fixed in ${fixed}`;
	if (fix === "subscription") return `fixed in ${fixed}, for subscribers only: the fix needs Ubuntu Pro`;
	if (fix === "postponed") return `affected, the fix is postponed${said}`;
	if (fix === "will-not-fix") return `affected, and the vendor will not fix it${said}`;
	if (fix === "under-investigation") return "the vendor is still looking into whether it is affected";
	return `affected, there is no fix yet${said}`;
}

function shortList(names: readonly string[]): string {
	const shown = [...new Set(names)].slice(0, 8);
	return names.length > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

/** Names that no packager allows are left out of what people paste into a shell. Null when nothing is left. */
function updateCommand(names: readonly string[], manager: Manager): string | null {
	const clean = [...new Set(names)].filter(isPackageName).slice(0, mostNames);
	if (clean.length === 0) return null;
	const list = clean.join(" ");
	if (manager === "dpkg") return `apt-get update && apt-get install --only-upgrade ${clean.map(aptWord).join(" ")}`;
	if (manager === "apk") return `apk add --upgrade ${list}`;
	return `dnf upgrade ${list}   (SUSE: zypper update ${list})`;
}
