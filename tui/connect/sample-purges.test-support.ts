/** Plausible purges and their rules for tests; `text` stands in for what people and hosts wrote. */
import type { Purge, PurgedAsset, PurgePreview, PurgeRule } from "../../protocol/model/purge.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

/** The second is undone, the third final, the rest can be undone. */
export function purgeOf(id: number, { text }: SampleOptions): Purge {
	return {
		...{ id, at, by: text ?? "unix:1000", query: text ?? "lastSeen<now-90d", rule: text ?? null },
		...{ reason: text ?? "returned to the lessor", assets: 3, findings: 12, restored: id === 2 ? 3 : 0 },
		...{ undoUntil: "2026-03-05T09:12:44.000Z", state: id === 2 ? "undone" : id === 3 ? "final" : "undoable" },
	};
}

export function purgedAssetOf(asset: number, { text }: SampleOptions): PurgedAsset {
	return {
		...{ purge: 1, asset, name: text ?? `host-${asset}.example.org`, address: `10.0.0.${asset}`, findings: 4 },
		...{ restoredAt: asset === 3 ? at : null, restoredBy: asset === 3 ? (text ?? "unix:1000") : null, kept: asset < 3 },
	};
}

export function purgePreviewOf(assets: number, { text }: SampleOptions): PurgePreview {
	const first = Array.from({ length: Math.min(10, assets) }, (_, i) => ({
		...{ id: i + 1, name: text ?? `host-${i + 1}.example.org`, lastSeen: at, lastScan: at },
	}));
	return {
		...{ assets, findings: 12, of: 250, everything: false, services: 9, records: 40, first },
		...{ stays: ["The audit log."], undoUntil: "2026-03-05T09:12:44.000Z" },
	};
}

export function purgeRuleOf(id: number, { text }: SampleOptions): PurgeRule {
	return {
		...{ name: text?.slice(0, 100) ?? (id === 1 ? "gone" : "spares"), query: text ?? "lastSeen<now-90d" },
		...{
			reason: text ?? "not seen for too long",
			most: 25,
			enabled: id === 1,
			madeAt: at,
			madeBy: text ?? "unix:1000",
		},
		...{ nextAt: at, lastAt: id === 1 ? at : null, lastOutcome: id === 1 ? (text ?? "No asset matched.") : null },
	};
}
