/** What other knowledge changes in the findings, as lines of text: an advisory at a time. */
import type { MethodResult } from "../../protocol/define.ts";
import type * as knowledge from "../../protocol/methods/knowledge.ts";
import { count, plural } from "../text/format.ts";

const signs = { new: "+", changed: "~", gone: "-" } as const;

/** Raw text: to be made harmless. */
export function diffLines({
	items,
	total,
	counts,
	hosts,
	changedHosts,
}: MethodResult<typeof knowledge.diff>): string[] {
	const head = `${plural(counts.new, "new advisory", "new advisories")}, ${count(counts.changed)} changed, ${count(counts.gone)} gone; ${count(changedHosts)} of ${plural(hosts, "host")} whose packages are known`;
	const lines = items.flatMap((one) => {
		const named = one.named.join(", ");
		const more = one.hosts > one.named.length ? `, … (${plural(one.hosts, "host")})` : "";
		const told = (mark: string, text: string | null) =>
			(text ?? "").split("\n").flatMap((line) => (line === "" ? [] : `      ${mark} ${line}`));
		return [
			`${signs[one.change]} ${one.severity} ${one.advisory}: ${one.title}`,
			`      ${one.why}; on ${named}${more}`,
			...told("-", one.before),
			...told("+", one.after),
		];
	});
	const left = total - items.length;
	return [head, ...lines, ...(left > 0 ? [`${plural(left, "more change")}; more with --limit`] : [])];
}
