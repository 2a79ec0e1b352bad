/** Feeds, sources and updates for tests of the console. */
import type { MethodResult } from "../../protocol/define.ts";
import type * as knowledge from "../../protocol/methods/knowledge.ts";
import type { Feed } from "../../protocol/model/knowledge.ts";
import type { BundleKey, KeptBundle } from "../../protocol/model/knowledge-bundle.ts";
import type { ListedSource, UpdateReport, UpdateStep } from "../../protocol/model/knowledge-update.ts";

interface Options {
	readonly text?: string | undefined;
}

const at = "2026-02-27T12:00:00.000Z";

export function feedsOf({ text }: Options): Feed[] {
	return ["kev", "osv Debian", "by hand"].map((name, index) => ({
		...{ name: text ?? name, format: "osv", file: text ?? "https://feeds.example.org/all.zip", importedAt: at },
		...{ publishedAt: at, checkedAt: index === 2 ? null : at, digest: "ab".repeat(32), records: 1_400 * (index + 1) },
		...{ ranges: 71_329, leftOut: index, licence: text ?? "CC0-1.0" },
	}));
}

export function sourcesOf({ text }: Options): ListedSource[] {
	return ["kev", "osv Debian", "osv npm"].map((feed, index) => ({
		...{ name: feed.toLowerCase().replace(" ", "-"), feed: text ?? feed, about: text ?? "What it is about" },
		...{ licence: text ?? "CC0-1.0", urls: ["https://feeds.example.org/all.zip"], sha256Url: null },
		...{ enabled: index < 2, builtIn: true, changed: false },
	}));
}

export function stepOf(change: Partial<UpdateStep> = {}): UpdateStep {
	return {
		...{ source: "kev", feed: "kev", state: "updated", bytes: 1_257_565, totalBytes: 1_257_565, resumedFrom: 0 },
		...{ records: 1_404, attempt: 1, trouble: null, why: null, hint: null },
		...change,
	};
}

export function reportOfUpdate({ text }: Options): UpdateReport {
	const why = text ?? "feeds.example.org answers 404 Not Found.";
	return {
		...{ startedAt: at, finishedAt: at, by: text ?? "unix:1000", swapped: true, cutOff: null },
		steps: [stepOf(), stepOf({ source: "osv-debian", state: "failed", why, hint: text ?? "Is the address right?" })],
	};
}

export function changesOf({ text }: Options): MethodResult<typeof knowledge.diff> {
	return {
		items: [
			{
				...{ change: "new", advisory: text ?? "DSA-5900-1", title: text ?? "openssl - security update", severity: 4 },
				...{ cves: ["CVE-2026-0001"], fix: "available", before: null, after: text ?? "openssl 3.0.11-1 < 3.0.11-2" },
				...{ why: text ?? "new in osv Debian", hosts: 3, named: [text ?? "web-07"] },
			},
		],
		...{ total: 1, counts: { new: 1, changed: 0, gone: 0 }, hosts: 12, changedHosts: 3 },
	};
}

export function bundlesOf({ text }: Options): KeptBundle[] {
	return [1, 2].map((n) => ({
		...{ hash: `${n}a`.repeat(32), previous: n === 1 ? "2a".repeat(32) : null, base: null, state: "cd".repeat(32) },
		...{ createdAt: at, at, what: n === 1 ? "made" : "taken", file: text ?? `day-${n}.vdb`, bytes: 1_300_000 * n },
		...{ key: text ?? "office", linked: n === 1 },
	}));
}

export function bundleKeysOf({ text }: Options): BundleKey[] {
	return ["office", "plant"].map((name, index) => ({
		...{ name: text ?? name, id: `${index}123456789abcdef`, publicKey: `${"A".repeat(43)}=`, mine: index === 0 },
		...{ addedAt: at, addedBy: text ?? "unix:1000" },
	}));
}
