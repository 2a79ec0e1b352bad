/** What taking in another scanner's file comes to, in words that the console and the command line share. */
import type { MethodResult } from "../../protocol/define.ts";
import type { file as fileMethod, status } from "../../protocol/methods/imports-file.ts";
import { count, plural } from "./format.ts";

type Outcome = MethodResult<typeof fileMethod>;

/** How far it is. */
export function progressText({ bytes, size, hosts }: NonNullable<MethodResult<typeof status>["running"]>): string {
	const share = size === 0 ? 0 : Math.floor((bytes / size) * 100);
	return `${share} %, ${plural(hosts, "host")} so far`;
}

/** What came of a file, or would; the first line names it, and `mostShown` refused hosts are named. Not made harmless. */
export function importedLines(file: string, outcome: Outcome, isDry: boolean, mostShown = 20): string[] {
	const { scanner, scannedAt, hosts, down, openPorts, records, findings, refused, cut, notes, older } = outcome;
	const when = scannedAt === null ? "" : `, scanned ${spanOf(scannedAt)}`;
	const silent = down === 0 ? "" : ` ${plural(down, "more was not found", "more were not found")} by the scanner.`;
	return [
		`${file}: ${scanner}${when}.${isDry ? " Nothing was changed; this would come of it:" : ""}`,
		`  ${plural(hosts, "host")}, ${count(outcome.new)} new, ${count(hosts - outcome.new)} known; ${plural(openPorts, "open port")}; ${plural(records, "record")}.${silent}`,
		`  ${plural(findings.new, "new finding")}, ${count(findings.again)} seen again, ${count(findings.fixed)} fixed${informationWords(findings)}.`,
		...(older > 0 ? [`  Of ${plural(older, "host")} something newer is held, and stays.`] : []),
		...(refused.hosts > 0 ? [`  Left out: ${plural(refused.hosts, "host")}`] : []),
		...refused.first.slice(0, mostShown).map(({ host, why }) => `    ${host}: ${why}`),
		...(refused.hosts > mostShown ? [`    and ${count(refused.hosts - mostShown)} more (--json tells up to 200)`] : []),
		...notes.map((note) => `  ${note}`),
		...(cut === null
			? []
			: [`  Only a part: the file ${cut}. All whole hosts before that ${isDry ? "would be" : "were"} taken in.`]),
	];
}

function informationWords({ information }: Outcome["findings"]): string {
	return information === 0 ? "" : `; ${plural(information, "piece", "pieces")} of information`;
}

/** Where what was taken in is seen on the command line: only lists in which there is something. */
export function whereToSee({ new: added, again, fixed, information }: Outcome["findings"]): string {
	const places = [
		"vedette assets",
		...(added + again + fixed > 0 ? ["vedette findings source:import"] : []),
		...(information > 0 ? ["vedette findings 'source:import and type:information'"] : []),
	];
	return `  See them: ${places.join("; ")}`;
}

function spanOf({ from, to }: NonNullable<Outcome["scannedAt"]>): string {
	const minute = (at: string) => at.slice(0, 16).replace("T", " ");
	return minute(from) === minute(to) ? `${minute(to)} UTC` : `${minute(from)} to ${minute(to)} UTC`;
}
