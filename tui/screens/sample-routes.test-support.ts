/** A route to every screen and dialog, over the sample data of the fake daemon. */
import type { AccessToken } from "../../protocol/model/operator.ts";
import { type AccessRow, accessRows } from "../components/access/access-rows.ts";
import { accessOf } from "../connect/sample-access.test-support.ts";
import { facetsOf } from "../connect/sample-findings.test-support.ts";
import { mapHostOf } from "../connect/sample-maps.test-support.ts";
import { auditEntryOf } from "../connect/sample-settings.test-support.ts";
import { savedViewOf } from "../connect/sample-tags.test-support.ts";
import type { Route, RouteOf, ScreenId } from "./view.ts";

/** By screen: one without any does not compile. */
type RoutesOf = { readonly [Id in ScreenId]: readonly RouteOf<Id>[] };

/** `text` stands wherever a target or an operator could have put one; without it there are plain words. */
export function sampleRoutes(text?: string): readonly Route[] {
	const sample = text === undefined ? {} : { text };
	const words = text ?? "12 findings on 3 assets";
	const access = accessOf(sample);
	const view = savedViewOf("findings", "", sample);
	const routes: RoutesOf = {
		dashboard: [{ to: "dashboard" }],
		arrange: [{ to: "arrange" }],
		scans: [{ to: "scans" }],
		scan: [{ to: "scan", scan: 7 }],
		"new-scan": [{ to: "new-scan", targets: "10.0.0.0/24" }],
		assets: [{ to: "assets" }],
		asset: [{ to: "asset", asset: 2 }],
		findings: [
			{ to: "findings" },
			{ to: "findings", asOf: "2026-02-01T00:00:00.000Z", filter: "severity>=4 and port:443" },
		],
		"finding-groups": [
			{ to: "finding-groups", by: "signature", filter: "" },
			{ to: "finding-groups", by: "asset", filter: "severity>=4" },
		],
		finding: [{ to: "finding", finding: 3 }],
		why: [{ to: "why", finding: 3 }],
		fix: [{ to: "fix", filter: "", what: words }],
		port: [{ to: "port", asset: 2, address: "10.0.0.3", port: 22, protocol: "tcp" }],
		shell: [{ to: "shell", shell: 1, beside: [words] }],
		doctor: [{ to: "doctor" }],
		settings: [{ to: "settings" }],
		activity: [{ to: "activity" }],
		knowledge: [{ to: "knowledge" }],
		"knowledge-changes": [{ to: "knowledge-changes" }],
		bundles: [{ to: "bundles" }],
		"bundle-keys": [{ to: "bundle-keys" }],
		maps: [{ to: "maps" }],
		map: [{ to: "map", map: 4 }],
		"map-rogues": [{ to: "map-rogues", map: 3 }],
		"map-topology": [{ to: "map-topology", map: 3 }],
		"map-compare": [{ to: "map-compare", before: 2, after: 3 }],
		"map-coverage": [{ to: "map-coverage", map: 3 }],
		"map-host": [{ to: "map-host", host: mapHostOf(3, sample) }],
		profiles: [{ to: "profiles" }],
		profile: [{ to: "profile", profile: "Night" }],
		exclusions: [{ to: "exclusions" }],
		"exclusion-history": [{ to: "exclusion-history" }],
		duplicates: [{ to: "duplicates" }],
		duplicate: [
			{ to: "duplicate", group: 1 },
			{ to: "duplicate", chosen: { assets: [2, 3, 4], merged: () => undefined } },
		],
		merges: [{ to: "merges" }],
		tags: [{ to: "tags" }],
		groups: [{ to: "groups" }],
		"never-scanned": [{ to: "never-scanned", group: "Web" }],
		recipes: [{ to: "recipes" }],
		queries: [{ to: "queries" }],
		tickets: [{ to: "tickets" }],
		ticket: [{ to: "ticket", ticket: 2 }],
		policy: [{ to: "policy" }],
		ignores: [{ to: "ignores" }],
		requests: [{ to: "requests" }],
		request: [{ to: "request", request: 5 }],
		purges: [{ to: "purges" }],
		"purge-rules": [{ to: "purge-rules" }],
		credentials: [{ to: "credentials" }],
		consoles: [{ to: "consoles" }],
		"login-check": [{ to: "login-check", target: "192.0.2.7" }],
		audit: [{ to: "audit" }],
		access: [{ to: "access" }],
		"access-entry": [{ to: "access-entry", row: accessRows(access)[0] as AccessRow, overview: access }],
		"new-token": [{ to: "new-token", token: access.tokens[0] as AccessToken, secret: "vedette_c2VjcmV0" }],
		compare: [{ to: "compare", before: { kind: "scan", scan: 1 }, after: { kind: "scan", scan: 2 } }],
		facets: [
			{
				to: "facets",
				chooser: {
					facets: () => ({ facets: facetsOf(sample), isThis: true }),
					filter: () => "kev:true",
					narrow: () => undefined,
					nouns: ["finding", "findings"],
				},
			},
		],
		menu: [{ to: "menu", menu: { title: words, scope: "copying", notes: { cell: words }, handlers: {} } }],
		columns: [
			{
				to: "columns",
				chooser: {
					...{ title: words, chosen: undefined, change: () => undefined, reset: () => undefined },
					entries: () => [{ id: "one", title: words, hidden: false, width: 4, drawn: 4, sorts: false }],
				},
			},
		],
		views: [
			{
				to: "views",
				chooser: {
					...{
						title: words,
						shown: () => ({ filter: text ?? "severity>=4", sort: undefined }),
						apply: () => undefined,
					},
					...{ current: () => view, opensWith: () => null, load: async () => [view] },
					...{ save: async () => view, share: async () => view, remove: async () => undefined },
					...{ restore: async () => undefined, setDefault: async () => undefined },
				},
			},
		],
		"finding-history": [{ to: "finding-history", finding: 3 }],
		"audit-entry": [{ to: "audit-entry", entry: auditEntryOf(3, sample) }],
		help: [{ to: "help", scopes: ["scans", "list", "everywhere"] }],
		// Opened over others, by their keys.
		palette: [],
		command: [],
		confirm: [],
		form: [],
	};
	return Object.values(routes).flat();
}
