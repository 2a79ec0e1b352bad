/** Plausible duplicates and merges for tests; `text` stands in for what people and hosts wrote. */
import type {
	DuplicateDetail,
	DuplicateGroup,
	DuplicateLink,
	DuplicateMember,
	MergePreview,
	MergeRecord,
} from "../../protocol/model/duplicate.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

export function duplicateMemberOf(id: number, { text }: SampleOptions): DuplicateMember {
	return {
		...{ id, name: text ?? `host-${id}.example.org`, addresses: [text ?? `10.0.0.${id}`], os: text ?? "Debian 12" },
		...{ tracking: "IP", firstSeen: at, lastSeen: at, openPorts: 2, findings: 4 },
	};
}

export function duplicateGroupOf(id: number, options: SampleOptions): DuplicateGroup {
	return {
		...{ id, confidence: 92, foundAt: at, reasons: [options.text ?? "ssh-host-key"] },
		members: [id, id + 100].map((member) => duplicateMemberOf(member, options)),
	};
}

export function duplicateLinkOf(a: number, b: number, { text }: SampleOptions): DuplicateLink {
	return {
		...{ a, b, confidence: 92, vetoed: false },
		for: [{ kind: "ssh-host-key", text: text ?? "the same SSH host key: SHA256:abc", weight: 92 }],
		against: [{ kind: "name", text: text ?? "different names: a and b", weight: 15 }],
	};
}

export function duplicateDetailOf(id: number, options: SampleOptions): DuplicateDetail {
	return detailOf(duplicateGroupOf(id, options), [duplicateLinkOf(id, id + 100, options)], options);
}

/** Assets that are no group. */
export function comparedOf(assets: readonly number[], options: SampleOptions): DuplicateDetail {
	const [first = 1] = assets;
	const members = assets.map((member) => duplicateMemberOf(member, options));
	return detailOf({ id: first, confidence: 0, foundAt: at, reasons: [], members }, [], options);
}

function detailOf(group: DuplicateGroup, links: DuplicateLink[], { text }: SampleOptions): DuplicateDetail {
	return {
		group,
		links,
		fields: [
			{ field: "name", values: group.members.map(({ name }) => name), differs: true, choice: "name" },
			{ field: "os", values: group.members.map((_, at) => text ?? `Debian ${12 - at}`), differs: true, choice: "os" },
			{
				field: "addresses",
				values: group.members.map(({ addresses }) => addresses.join()),
				differs: true,
				choice: null,
			},
			{ field: "tracking", values: group.members.map(() => "IP"), differs: false, choice: "tracking" },
		],
	};
}

export function mergePreviewOf(assets: number[], options: SampleOptions, obstacles: string[] = []): MergePreview {
	const [first = 1, ...rest] = assets;
	return {
		...{ assets, survivor: duplicateMemberOf(first, options), gone: rest.map((id) => duplicateMemberOf(id, options)) },
		fields: [{ field: "name", value: options.text ?? "host-1.example.org", from: first, chosen: false }],
		moves: [{ what: "findings", rows: 4, unified: 1 }],
		...{ confidence: 92, evidence: [], obstacles, impossible: null },
	};
}

function conflictOf(text: string | undefined): MergeRecord["conflicts"][number] {
	const seen = text ?? "10.0.0.2 showed another SSH host key: SHA256:b, where it had SHA256:a";
	return { address: text ?? "10.0.0.2", kind: "ssh-host-key", at, scan: 7, text: seen, kept: null };
}

/** Something speaks against the first, the second is undone, the third cannot be now. */
export function mergeRecordOf(id: number, options: SampleOptions): MergeRecord {
	const side = (asset: number) => {
		const { name, addresses } = duplicateMemberOf(asset, options);
		return { id: asset, name, addresses };
	};
	const { text } = options;
	return {
		...{ id, at, by: text ?? "unix:1000", why: text ?? "one sshd", automatic: id === 1, confidence: 92 },
		...{
			survivor: side(1),
			gone: [side(2)],
			chosen: { name: text ?? "host-2" },
			evidence: [duplicateLinkOf(1, 2, options)],
		},
		undone: id === 2 ? { at, by: text ?? "unix:1000", why: text ?? "" } : null,
		conflicts: id === 1 ? [conflictOf(text)] : [],
		whyNotUndone: id === 3 ? (text ?? "Asset 1 was merged again since: undo merge 4 first.") : null,
	};
}
