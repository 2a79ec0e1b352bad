/** The daemon's own tags: asset groups as tags, business units, what faces the Internet, hosts with an agent. */
import type { DatabaseSync } from "node:sqlite";
import type { TagRule } from "../../protocol/model/tag.ts";
import { all, transaction } from "../store/sql.ts";
import { createTag, deleteTag, listTags, type NewTag, type StoredTag, type SystemTag, saveTag } from "../store/tags.ts";
import { evaluateTag } from "./evaluate.ts";

const silent = { colour: null, description: "", favourite: false, criticality: null };
const none: TagRule = { kind: "static", text: "" };
/** All IPv4 addresses but those that no router on the Internet forwards (RFC 6890), and IPv6's global unicast (RFC 4291). */
const public4 = [
	...["1.0.0.0-9.255.255.255", "11.0.0.0-100.63.255.255", "100.128.0.0-126.255.255.255", "128.0.0.0-169.253.255.255"],
	...[
		"169.255.0.0-172.15.255.255",
		"172.32.0.0-191.255.255.255",
		"192.0.3.0-192.167.255.255",
		"192.169.0.0-198.17.255.255",
	],
	...["198.20.0.0-198.51.99.255", "198.51.101.0-203.0.112.255", "203.0.114.0-223.255.255.255", "2000::/3"],
];

const roots: readonly { kind: SystemTag; name: string; description: string; rule: TagRule }[] = [
	{ kind: "asset-groups", name: "Asset Groups", description: "A tag for each asset group.", rule: none },
	{ kind: "business-units", name: "Business Units", description: "Parts of the company, as tags below.", rule: none },
	{
		...{ kind: "internet-facing", name: "Internet Facing Assets", description: "Has an address the Internet reaches." },
		rule: { kind: "network-range", text: public4.join(", ") },
	},
	{
		...{ kind: "agents", name: "Cloud Agent", description: "An agent reports of it." },
		rule: { kind: "query", text: "tracking:AGENT" },
	},
];

/** Makes those that are missing, and one below Asset Groups for each group. `now` in milliseconds. */
export function ensureSystemTags(db: DatabaseSync, now: number): void {
	transaction(db, () => {
		const tags = listTags(db);
		for (const { kind, ...root } of roots) {
			if (tags.some((tag) => tag.systemKind === kind)) continue;
			const name = freeName(tags, root.name);
			const made = createTag(db, { ...silent, ...root, name, parent: null, systemKind: kind }, now);
			evaluateTag(db, made, now);
			if (kind !== "business-units") continue;
			const unit = { ...silent, name: "Unassigned Business Unit", parent: made.id, rule: none };
			createTag(db, { ...unit, systemKind: "business-unit" }, now);
		}
		syncGroupTags(db, now);
	});
}

/** Brings the tags below Asset Groups in step with the groups: made, renamed, taken away, put on what belongs to them. */
export function syncGroupTags(db: DatabaseSync, now: number): void {
	const tags = listTags(db);
	const root = tags.find((tag) => tag.systemKind === "asset-groups");
	if (root === undefined) return;
	const groups = all<{ id: number; title: string }>(db, "SELECT id, title FROM asset_group WHERE built_in = 0");
	const byGroup = new Map(tags.filter((tag) => tag.systemKind === "asset-group").map((tag) => [tag.rule.text, tag]));
	for (const [text, tag] of byGroup) if (!groups.some(({ id }) => String(id) === text)) deleteTag(db, tag);
	for (const { id, title } of groups) {
		const known = byGroup.get(String(id));
		const rule: TagRule = { kind: "asset-group", text: String(id) };
		const wanted: NewTag = { ...(known ?? silent), name: title, parent: root.id, rule, systemKind: "asset-group" };
		const tag =
			known === undefined
				? createTag(db, wanted, now)
				: known.name === title
					? known
					: saveTag(db, known.id, wanted, now);
		evaluateTag(db, tag, now);
	}
}

/** A user may have a tag of that name: theirs stays. */
function freeName(tags: readonly StoredTag[], name: string): string {
	const taken = tags.some((tag) => tag.parent === null && tag.name.toLowerCase() === name.toLowerCase());
	return taken ? `${name} (Vedette)` : name;
}
