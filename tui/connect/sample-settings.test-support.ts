/** Plausible option profiles, exclusions and audit entries for tests; `text` stands in for what people and hosts wrote. */

import { type Activity, activityKinds, activityStates } from "../../protocol/model/activity.ts";
import type { AuditEntry } from "../../protocol/model/audit.ts";
import type { Exclusion, ExclusionEvent } from "../../protocol/model/exclusion.ts";
import { limitsOf, type Profile, profileOptions } from "../../protocol/model/profile.ts";
import type { Setting } from "../../protocol/model/setting.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

/** The third is the user's own. */
export function profileOf(index: number, { text }: SampleOptions): Profile {
	const options = profileOptions.parse({
		description: text?.slice(0, 500) ?? "A steady pace and the usual ports, for ordinary networks.",
		ports: { set: "standard", additional: "" },
		udp: { set: "light", additional: "" },
		discovery: { ports: "22,80,443", scanDeadHosts: false },
		performance: { level: "normal" },
		maxMinutesPerHost: null,
		maxMinutesPerScan: 90,
	});
	return {
		name: ["Initial", "Full TCP", "Night"][index - 1] ?? "Night",
		version: index,
		builtIn: index < 3,
		options,
		limits: limitsOf(options.performance),
		editedAt: index < 3 ? null : at,
		editedBy: index < 3 ? null : (text ?? "unix:1000"),
	};
}

export function exclusionOf(id: number, { text }: SampleOptions): Exclusion {
	return {
		id,
		target: text ?? `10.0.${id}.0/28`,
		ranges: [[`10.0.${id}.0`, `10.0.${id}.15`]],
		comment: text ?? "label printers",
		state: id === 2 ? "expired" : "holds",
		addedAt: at,
		addedBy: text ?? "unix:1000",
		expiresAt: id === 2 ? "2026-02-20T00:00:00.000Z" : null,
	};
}

export function exclusionEventOf(id: number, { text }: SampleOptions): ExclusionEvent {
	return {
		at,
		by: text ?? "unix:1000",
		action: id === 2 ? "removed" : "added",
		exclusion: id,
		target: text ?? `10.0.${id}.0/28`,
		comment: text ?? "label printers",
	};
}

export function auditEntryOf(n: number, { text }: SampleOptions): AuditEntry {
	return {
		...{ n, at, who: text ?? "unix:1000", action: "scan.start", object: text ?? `scan ${n}` },
		before: null,
		after: { targets: [text ?? "10.0.0.0/24"] },
		reason: text ?? null,
		hash: "ab".repeat(32),
	};
}

/** A text, a choice that wants a reason, one that is changed elsewhere, and one that nobody changes. */
export function settingOf(id: number, { text }: SampleOptions, value = ""): Setting {
	const edit = { access: "admin" as const, hint: text ?? "hours, 1 to 8760", choices: [], asksWhy: false };
	const said = value === "" ? (text ?? "never by themselves") : `every ${value} h`;
	const kinds = [
		{ id: "knowledge.every-hours", group: "Knowledge" as const, edit },
		{
			id: "access.single-operator",
			group: "Requests" as const,
			edit: { ...edit, choices: ["yes", "no"], asksWhy: true },
		},
		{ id: "scans.profiles", group: "Scans and maps" as const, edit: null },
		{ id: "purges.undo", group: "Keeping and deleting" as const, edit: null },
	];
	const kind = kinds[(id - 1) % kinds.length] ?? { id: "other", group: "This daemon" as const, edit: null };
	return {
		...kind,
		...{ title: text ?? `Setting ${id}`, about: text ?? "What it does.", value, shown: said },
		...{ default: text ?? "never by themselves", command: id === 4 ? null : (text ?? "vedette knowledge schedule") },
		source: id === 4 ? "built-in" : value === "" ? "default" : "set",
	};
}

/** One of each kind: the first runs, the second waits, the third failed. */
export function activityOf(at: number, { text }: SampleOptions): Activity {
	const kind = activityKinds[at % activityKinds.length] ?? "scan";
	return {
		...{ kind, number: kind === "update" || kind === "import" || kind === "search" ? null : at + 1 },
		...{ title: text ?? `${kind} of the office`, state: activityStates[Math.min(at, 3)] ?? "done" },
		...{ progress: at === 0 ? 0.4 : null, by: text ?? "unix:1000", at: "2026-02-03T09:12:44.000Z" },
		note: text ?? "12 of 20 hosts alive",
	};
}
