import { beforeEach, describe, expect, test } from "vitest";
import { credentialWords } from "../../../protocol/model/credential.ts";
import { lightInventory } from "../../../protocol/model/recipe.ts";
import { createCredential } from "../../store/credentials.ts";
import { createGroup, deleteGroup, getGroup } from "../../store/groups.ts";
import { savePolicyRules } from "../../store/policy-rules.ts";
import { savePurgeRule } from "../../store/purges.ts";
import { createRecipe } from "../../store/recipes.ts";
import { createScan, findScan, saveScan } from "../../store/scans.ts";
import { setGroup } from "../../store/settings-concurrency.ts";
import { addExclusions, removeExclusions } from "../../store/settings-exclusions.ts";
import { noSettings } from "../../store/settings-schema.ts";
import { openStore, type Store } from "../../store/store.ts";
import { createTag, deleteTag, getTag, listTags, saveTag } from "../../store/tags.ts";
import { ensureSystemTags, syncGroupTags } from "../../tags/system-tags.ts";
import { keepingNames } from "./named-targets.ts";

const at = Date.parse("2026-06-01T00:00:00Z");
const iso = new Date(at).toISOString();
const words = { colour: null, description: "", favourite: false, criticality: null };
const noRule = { kind: "static", text: "" } as const;
const byMe = { at: iso, by: "me" };
let store: Store;
let data = structuredClone(noSettings);

beforeEach(() => {
	store = openStore(":memory:", { clock: { now: () => at } });
	data = structuredClone(noSettings);
	ensureSystemTags(store.db, at);
	addTag("Fragile");
});

function addTag(name: string, parent: number | null = null, text = ""): void {
	const rule = text === "" ? noRule : ({ kind: "query", text } as const);
	createTag(store.db, { ...words, name, rule, parent }, at);
}
const keeping = <T>(change: () => T) => keepingNames({ store, settings: { data } }, change);
const drop = (name = "Fragile") => keeping(() => deleteTag(store.db, getTag(store.db, name)));
const exclude = (target: string) => addExclusions(data, [{ target, ranges: [], comment: "", expiresAt: null }], byMe);

const places: readonly [what: string, write: () => void, said: RegExp, cure: RegExp][] = [
	["an exclusion", () => exclude("TAG:fragile"), /exclusion 1 \(TAG:fragile\)/, /vedette exclude remove 1/],
	[
		"a limit",
		() =>
			setGroup(data, {
				...{ name: "slow ones", targets: ["10.0.0.1", "tag-ranges:Fragile"], ranges: [], comment: "" },
				...{ ratePerSecond: 5, inFlight: 1, setAt: iso, setBy: "me" },
			}),
		/the limit "slow ones" \(tag-ranges:Fragile\)/,
		/vedette limits remove "slow ones"/,
	],
	[
		"a scan that is not over",
		() => {
			const request = { title: "t", targets: ["10.0.0.0/24"], exclusions: ["tag:Fragile"] };
			createScan(store.db, { ...request, ports: "22", profile: "Initial", at });
		},
		/scan 1, which is queued \(tag:Fragile\)/,
		/vedette scans cancel 1/,
	],
	[
		"a recipe that is not over",
		() => {
			const request = lightInventory.parse({ kind: "light-inventory", targets: ["10.0.0.1"], tag: "Fragile" });
			const steps = { title: "r", request, confirmed: false, steps: [], by: "me", access: "operate" as const, at };
			createRecipe(store.db, steps);
		},
		/recipe 1 \(tag:Fragile\)/,
		/vedette recipe cancel 1/,
	],
	[
		"a rule that purges",
		() =>
			savePurgeRule(store.db, {
				...{ name: "old", query: "lastSeen<now-90d and not tags:Fragile", reason: "", most: 9, enabled: true },
				...{ madeAt: iso, madeBy: "me", nextAt: iso, lastAt: null, lastOutcome: null },
			}),
		/the purge rule "old" \(tag:Fragile\)/,
		/vedette purge rule "old"/,
	],
	[
		"another tag's rule",
		() => addTag("Other", null, "port:22 and tags.name:`Fragile`"),
		/the rule of the tag "Other"/,
		/tag edit "Other"/,
	],
	[
		"a policy rule",
		() =>
			savePolicyRules(store.db, [
				{
					...{ name: "night", findings: "severity>=4", assets: "not tags:Fragile", action: "ignore", assignee: null },
					...{ days: null, enabled: true, position: 1, changedBy: "me", changedAt: at },
				},
			]),
		/the policy rule "night" \(tag:Fragile\)/,
		/vedette policy remove "night"/,
	],
	[
		"an approved request that covers what comes later",
		() =>
			store.db.exec(
				`INSERT INTO exception (kind, state, scope, subject, live, findings, assets, reason, requester, requested_at, days, until)
				VALUES ('false-positive', 'approved', '${JSON.stringify({ kind: "query", query: "tags:Fragile", qids: [], live: true })}',
					's', 1, 0, 0, 'r', 'me', ${at}, 9, ${at + 1e9})`,
			),
		/request 1, which covers what comes later \(tag:Fragile\)/,
		/vedette except revoke 1/,
	],
	[
		"a credential",
		() => {
			const draft = credentialWords.parse({ user: "scan", targets: ["10.0.0.1"], excluded: ["tag:Fragile"] });
			const seal = () => new Uint8Array(1);
			createCredential(store.db, { name: "linux", words: draft, proofs: [], order: null }, seal, { by: "me", at });
		},
		/the credential "linux" \(tag:Fragile\)/,
		/vedette credential edit "linux"/,
	],
];

test.each(places)("a tag that %s names stays, with the reason and the cure", (_, write, said, cure) => {
	write();
	expect(() => drop()).toThrow(expect.objectContaining({ code: "conflict", message: expect.stringMatching(said) }));
	store = openStore(":memory:", { clock: { now: () => at } });
	data = structuredClone(noSettings);
	addTag("Fragile");
	write();
	expect(() => drop()).toThrow(expect.objectContaining({ hint: expect.stringMatching(cure) }));
});

describe("what may change", () => {
	test("a tag that nothing names any more", () => {
		exclude("tag:Fragile");
		removeExclusions(data, [1], "gone", byMe);
		const scan = { title: "t", targets: ["tag:Fragile"], exclusions: [], ports: "22", profile: "Initial", at };
		const id = createScan(store.db, scan);
		const stored = findScan(store.db, id);
		if (stored !== null) saveScan(store.db, { ...stored, status: "finished", finishedAt: iso });
		addTag("Words", null, "tags:frag* or criticality>3");
		drop();
		expect(listTags(store.db).map(({ name }) => name)).not.toContain("Fragile");
	});

	test("all but the name of a tag that is named, and its own rule", () => {
		exclude("tag:Fragile");
		const tag = getTag(store.db, "Fragile");
		keeping(() => saveTag(store.db, tag.id, { ...tag, colour: "#ff0000" }, at));
		expect(() => keeping(() => saveTag(store.db, tag.id, { ...tag, name: "Brittle" }, at))).toThrow(/exclusion 1/);
	});
});

test("a second tag of a name that is written somewhere would make it mean two things", () => {
	addTag("Above");
	const above = getTag(store.db, "Above").id;
	addTag("Deep", above);
	exclude("tag:Deep");
	addTag("Beside");
	const beside = getTag(store.db, "Beside").id;
	expect(() => keeping(() => addTag("Deep", beside))).toThrow(/exclusion 1 \(tag:Deep\)/);
});

test("an asset group stays while it or the tag made of it is named", () => {
	const group = { comments: "", division: "", function: "", location: "", owner: "me" };
	for (const title of ["Web", "Mail"]) {
		const lists = { dnsNames: [], netbiosNames: [], domains: [] };
		createGroup(
			store.db,
			title,
			{ ...group, ...lists, businessImpact: "none", cvss: getGroup(store.db, "All").cvss },
			at,
		);
	}
	syncGroupTags(store.db, at);
	const remove = (title: string) =>
		keeping(() => {
			deleteGroup(store.db, getGroup(store.db, title));
			syncGroupTags(store.db, at);
		});
	exclude("group:Web");
	exclude('tag:"Asset Groups/Mail"');
	expect(() => remove("Web")).toThrow(/exclusion 1 \(group:Web\)/);
	expect(() => remove("Mail")).toThrow(/exclusion 2 \(tag:"Asset Groups\/Mail"\)/);
});
