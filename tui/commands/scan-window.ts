/** When a scan may run, as typed on the command line; and what is said of one that waits. */

import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import { when } from "../text/format.ts";

export interface WindowOptions {
	readonly window?: string;
	readonly notDuring?: string;
	readonly timeZone?: string;
	readonly pauseAfter?: string;
	readonly resumeIn?: string;
}

/** The options that say when something may run. */
export function addWindowOptions(command: Command): Command {
	return command
		.option("--window <times>", 'run only then: "Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00" (default: the profile\'s)')
		.option("--not-during <times>", 'never run then: "Mon-Fri 08:00-18:00"')
		.option("--time-zone <name>", "of these times, e.g. Europe/Berlin (default: the machine's)")
		.option("--pause-after <time>", "pause so long after its start, e.g. 8h or 90m")
		.option("--resume-in <time>", "and go on so long after its start, e.g. 24h or 2d")
		.option("--ignore-window", "begin now, whatever the window says");
}

/** Nothing when no time was typed: then the profile says when. Throws `invalid`. */
export function windowRequest(options: WindowOptions): { window?: Partial<ScanWindow> } {
	const { window, notDuring, timeZone, pauseAfter, resumeIn } = options;
	if ([window, notDuring, pauseAfter, resumeIn].every((one) => one === undefined)) {
		if (timeZone === undefined) return {};
		throw new AppError("invalid", "--time-zone needs times to go with it.", { hint: "Add --window or --not-during." });
	}
	return {
		window: {
			...(window === undefined ? {} : { during: window }),
			...(notDuring === undefined ? {} : { notDuring }),
			...(timeZone === undefined ? {} : { timeZone }),
			...(pauseAfter === undefined ? {} : { pauseAfterMinutes: readMinutes("--pause-after", pauseAfter) }),
			...(resumeIn === undefined ? {} : { resumeInMinutes: readMinutes("--resume-in", resumeIn) }),
		},
	};
}

const unitMinutes: Readonly<Record<string, number>> = { m: 1, min: 1, h: 60, d: 1_440 };

function readMinutes(option: string, text: string): number {
	const [, amount, unit = ""] = /^(\d{1,5})\s*(m|min|h|d)$/i.exec(text.trim()) ?? [];
	if (amount !== undefined) return Number(amount) * (unitMinutes[unit.toLowerCase()] ?? 1);
	throw new AppError("invalid", `${option} ${text} is not a length of time.`, { hint: "Write 90m, 8h or 2d." });
}

/** `what`: the scan or map by the command that resumes it. */
export function waitingWords({ id, continuesAt }: Pick<Scan, "id" | "continuesAt">, what: "scans" | "map"): string {
	const goesOn = continuesAt == null ? "" : ` It goes on by itself at ${when(continuesAt)} UTC.`;
	const name = what === "map" ? "Map" : "Scan";
	return `${name} ${id} waits for its window.${goesOn} Now all the same: vedette ${what} resume ${id} --ignore-window`;
}
