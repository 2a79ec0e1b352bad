/** Which release of its distribution a packaged service is of: by its own words, else by what else the host says. Pure. */

import { guessOs } from "../../evidence/os-guess.ts";
import type { EvidenceRecord } from "../../evidence/record.ts";
import type { HostFacts } from "../knowledge.ts";
import type { PackagedSoftware } from "./packaged.ts";

export interface GuessedRelease {
	/** os-release VERSION_ID. */
	readonly version: string;
	readonly because: string;
}

/** How guesses name the systems (evidence/os-guess.ts). */
const names: Readonly<Record<PackagedSoftware["distribution"], RegExp>> = {
	debian: /^Debian (\d{1,2})$/,
	ubuntu: /^Ubuntu (\d\d\.\d\d)$/,
	rhel: /^Red Hat Enterprise Linux family (\d{1,2})$/,
	almalinux: /^Red Hat Enterprise Linux family (\d{1,2})$/,
	rocky: /^Red Hat Enterprise Linux family (\d{1,2})$/,
};

/** Null when nothing tells. A login's word on the system counts before every guess. */
export function releaseOf(
	{ distribution, release, because }: PackagedSoftware,
	record: EvidenceRecord,
	host: HostFacts | null,
): GuessedRelease | null {
	const os = host?.newest("system", record.address)?.data.os ?? null;
	if (os !== null && os.id === distribution && os.version !== null) {
		return { version: os.version, because: "a login told so" };
	}
	if (release !== null) return { version: release, because };
	const own = host?.records.filter(({ address }) => address === record.address) ?? [];
	const told = own.find((one) => one.kind === "host");
	const guess = guessOs(own) ?? (told?.kind === "host" ? told.data.os : null);
	const version = guess === null ? undefined : names[distribution].exec(guess.name)?.[1];
	return guess === null || version === undefined ? null : { version, because: guess.basis };
}
