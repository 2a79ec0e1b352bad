/** A route to every screen and dialog, over the sample data of the fake daemon. */
import type { AccessToken } from "../../protocol/model/operator.ts";
import { type AccessRow, accessRows } from "../components/access/access-rows.ts";
import { accessOf } from "../connect/sample-access.test-support.ts";
import { facetsOf } from "../connect/sample-data.test-support.ts";
import { mapHostOf } from "../connect/sample-maps.test-support.ts";
import { auditEntryOf } from "../connect/sample-settings.test-support.ts";
import { savedViewOf } from "../connect/sample-tags.test-support.ts";
import type { Route } from "./view.ts";

/** `text` stands wherever a target or an operator could have put one; without it there are plain words. */
export function sampleRoutes(text?: string): readonly Route[] {
	const sample = text === undefined ? {} : { text };
	const words = text ?? "12 findings on 3 assets";
	const access = accessOf(sample);
	const view = savedViewOf("findings", "", sample);
	return [
		{ to: "dashboard" },
		{ to: "arrange" },
		{ to: "scans" },
		{ to: "scan", scan: 7 },
		{ to: "new-scan", targets: "10.0.0.0/24" },
		{ to: "assets" },
		{ to: "asset", asset: 2 },
		{ to: "findings" },
		{ to: "finding-groups", by: "signature", filter: "" },
		{ to: "finding-groups", by: "asset", filter: "severity>=4" },
		{ to: "finding", finding: 3 },
		{ to: "why", finding: 3 },
		{ to: "fix", filter: "", what: words },
		{ to: "port", asset: 2, address: "10.0.0.3", port: 22, protocol: "tcp" },
		{ to: "shell", shell: 1, beside: [words] },
		{ to: "doctor" },
		{ to: "settings" },
		{ to: "activity" },
		{ to: "knowledge" },
		{ to: "knowledge-changes" },
		{ to: "bundles" },
		{ to: "bundle-keys" },
		{ to: "maps" },
		{ to: "map", map: 4 },
		{ to: "map-rogues", map: 3 },
		{ to: "map-topology", map: 3 },
		{ to: "map-compare", before: 2, after: 3 },
		{ to: "map-coverage", map: 3 },
		{ to: "map-host", host: mapHostOf(3, sample) },
		{ to: "profiles" },
		{ to: "profile", profile: "Night" },
		{ to: "exclusions" },
		{ to: "exclusion-history" },
		{ to: "duplicates" },
		{ to: "duplicate", group: 1 },
		{ to: "duplicate", chosen: { assets: [2, 3, 4], merged: () => undefined } },
		{ to: "merges" },
		{ to: "tags" },
		{ to: "groups" },
		{ to: "never-scanned", group: "Web" },
		{ to: "recipes" },
		{ to: "queries" },
		{ to: "tickets" },
		{ to: "ticket", ticket: 2 },
		{ to: "policy" },
		{ to: "ignores" },
		{ to: "requests" },
		{ to: "request", request: 5 },
		{ to: "purges" },
		{ to: "purge-rules" },
		{ to: "credentials" },
		{ to: "consoles" },
		{ to: "login-check", target: "192.0.2.7" },
		{ to: "audit" },
		{ to: "access" },
		{ to: "access-entry", row: accessRows(access)[0] as AccessRow, overview: access },
		{ to: "new-token", token: access.tokens[0] as AccessToken, secret: "vedette_c2VjcmV0" },
		{ to: "compare", before: { kind: "scan", scan: 1 }, after: { kind: "scan", scan: 2 } },
		{ to: "findings", asOf: "2026-02-01T00:00:00.000Z", filter: "severity>=4 and port:443" },
		{
			to: "facets",
			chooser: {
				facets: () => ({ facets: facetsOf(sample), isThis: true }),
				filter: () => "kev:true",
				narrow: () => undefined,
				nouns: ["finding", "findings"],
			},
		},
		{ to: "menu", menu: { title: words, scope: "copying", notes: { cell: words }, handlers: {} } },
		{
			to: "columns",
			chooser: {
				...{ title: words, chosen: undefined, change: () => undefined, reset: () => undefined },
				entries: () => [{ id: "one", title: words, hidden: false, width: 4, drawn: 4, sorts: false }],
			},
		},
		{
			to: "views",
			chooser: {
				...{ title: words, shown: () => ({ filter: text ?? "severity>=4", sort: undefined }), apply: () => undefined },
				...{ current: () => view, opensWith: () => null, load: async () => [view] },
				...{ save: async () => view, share: async () => view, remove: async () => undefined },
				...{ restore: async () => undefined, setDefault: async () => undefined },
			},
		},
		{ to: "finding-history", finding: 3 },
		{ to: "audit-entry", entry: auditEntryOf(3, sample) },
		{ to: "help", scopes: ["scans", "list", "everywhere"] },
	];
}
