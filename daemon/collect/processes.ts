/** Names of processes by their ids, for collectors that meet ids: the kernel's own, which no program's title hides. */
import { linesOf } from "./collector.ts";

/** sh: a line `ID NAME` for each. */
export const processNames = `for one in /proc/[0-9]*; do read -r name <"$one/comm" && printf '%s %s\\n' "\${one#/proc/}" "$name"; done`;

/** Takes any text. */
export function readNames(output: string | undefined): Map<string, string> {
	return new Map(
		linesOf(output).map((line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)] as const),
	);
}
