/** Plausible asset groups for tests; `text` stands in for what people wrote. */
import { type AssetGroup, cvssEnvironment } from "../../protocol/model/group.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

/** The first is the built-in one. */
export function groupOf(id: number, { text }: SampleOptions): AssetGroup {
	return {
		...{ id, title: text ?? (id === 1 ? "All" : `Web ${id}`), builtIn: id === 1, addresses: 256, ranges: 1 },
		...{ comments: text ?? "", division: text ?? "Sales", function: text ?? "shop", location: text ?? "Berlin" },
		...{
			businessImpact: id === 2 ? "high" : "none",
			cvss: cvssEnvironment.parse({ cr: "high" }),
			owner: text ?? "ana",
		},
		...{ dnsNames: [text ?? "www.example.org"], netbiosNames: [], domains: [text ?? "example.org"], virtualHosts: 2 },
		...{ createdAt: at, updatedAt: at },
	};
}
