/** Made-up identity of an asset for tests of the console. */
import type { AssetDetail } from "../../protocol/model/asset.ts";
import { assetOf } from "./sample-assets.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

export function identityOf(
	options: SampleOptions,
): Pick<AssetDetail, "identifiers" | "addresses" | "sources" | "resolutions"> {
	const { text } = options;
	const { firstSeen, lastSeen } = assetOf(1, options);
	const seen = { source: "login", primary: true, firstSeen, lastSeen, poisoned: null } as const;
	return {
		identifiers: [
			{
				kind: "host-id",
				title: "host id",
				value: text ?? "0f4c3a52-7d1e-4b0a-9c6f-2b8f6f1f7a10",
				strength: 90,
				...seen,
			},
			{
				...{
					kind: "machine-id",
					title: "machine-id",
					value: text ?? "5f2e9c0d4b7a4e1c8d3f6a9b0c1d2e3f",
					strength: 70,
					...seen,
				},
				poisoned: text ?? "Seen on web-01 (1) and web-02 (2) at the same time.",
			},
			{ kind: "name", title: "host name", value: text ?? "web-01.corp.example", strength: 20, ...seen, primary: false },
		],
		addresses: [
			{ address: "10.0.0.2", network: text ?? "default", state: "main", firstSeen, lastSeen },
			{ address: "10.0.9.9", network: text ?? "plant", state: "former", firstSeen, lastSeen },
		],
		sources: [{ source: "login", kinds: ["system", "packages"], lastSeen, tells: ["name", "os"] }],
		resolutions: [
			{
				...{ address: "10.0.0.2", network: "default", at: lastSeen, scan: 7, rule: "host-id" },
				because: text ?? "The host id on the machine is this asset's.",
				agreed: [{ kind: "host-id", value: text ?? "0f4c3a52-7d1e-4b0a-9c6f-2b8f6f1f7a10" }],
				passed: [
					{ asset: 2, agreed: [], apart: ["machine-id"], because: text ?? "address in common, but not machine-id" },
				],
			},
		],
	};
}
