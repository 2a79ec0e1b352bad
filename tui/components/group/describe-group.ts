/** An asset group in words: what it means to the business, and what is in it. */
import type { MethodResult } from "../../../protocol/define.ts";
import type { get } from "../../../protocol/methods/groups.ts";
import type { AssetGroup } from "../../../protocol/model/group.ts";
import { count, plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

export type GroupDetail = MethodResult<typeof get>;

const impactTokens = { critical: "bad", high: "warning", medium: "text", low: "text", none: "faint" } as const;

export function impactPiece({ businessImpact }: AssetGroup): Piece {
	return [businessImpact === "none" ? "·" : businessImpact, impactTokens[businessImpact]];
}

/** `detail` is undefined until it has come. */
export function describeGroup(group: AssetGroup, detail: GroupDetail | undefined): Block[] {
	const said = (name: string, text: string): Block[] =>
		text === "" ? [] : [{ kind: "field", name, pieces: [[text]] }];
	const ranges = detail?.ranges ?? [];
	const more = group.ranges - ranges.length;
	return [
		{ kind: "heading", text: group.title, figures: [[plural(group.addresses, "address", "addresses"), "muted"]] },
		{ kind: "field", name: "Impact", pieces: [impactPiece(group)] },
		...said("Comments", group.comments),
		...said("Division", group.division),
		...said("Function", group.function),
		...said("Location", group.location),
		...said("Owner", personName(group.owner)),
		...said("Network", group.network === "default" ? "" : (group.network ?? "")),
		...said("DNS names", group.dnsNames.join(", ")),
		...said("NetBIOS", group.netbiosNames.join(", ")),
		...said("Domains", group.domains.join(", ")),
		...said("CVSS", environmentText(group)),
		...said("Virtual hosts", group.virtualHosts === 0 ? "" : count(group.virtualHosts)),
		{ kind: "heading", text: "Addresses" },
		...ranges.map(
			([first, last]): Block => ({
				kind: "pieces",
				pieces: [[first === last ? first : `${first} - ${last}`, "address"]],
			}),
		),
		...(detail !== undefined && more > 0 ? [{ kind: "text", text: `and ${count(more)} more stretches` } as Block] : []),
	];
}

/** The metrics somebody has set: `CR high, TD low`. */
function environmentText({ cvss }: AssetGroup): string {
	return Object.entries(cvss)
		.filter(([, value]) => value !== "not-defined")
		.map(([metric, value]) => `${metric.toUpperCase()} ${value}`)
		.join(", ");
}
