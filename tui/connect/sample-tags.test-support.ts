/** Plausible tags, saved queries and widgets for tests; `text` stands in for what people and hosts wrote. */

import type { Dashboard, DashboardWidget, QueryAnswer } from "../../protocol/model/dashboard.ts";
import type { SavedQuery, Widget } from "../../protocol/model/query.ts";
import type { Tag } from "../../protocol/model/tag.ts";
import type { SavedView } from "../../protocol/model/view.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";
const names = ["Servers", "Linux", "Payment", "Old"];

/** The second stands below the first, the fourth has a rule that cannot be applied. */
export function tagOf(id: number, { text }: SampleOptions): Tag {
	const name = text ?? names[id - 1] ?? `tag ${id}`;
	return {
		...{ id, name, path: id === 2 ? `${text ?? "Servers"}/${name}` : name, parent: id === 2 ? 1 : null },
		...{ colour: "#336699", description: text ?? "", favourite: id === 3, criticality: id === 3 ? 5 : null },
		rule: id === 1 || id === 3 ? { kind: "static", text: "" } : { kind: "query", text: text ?? "os:linux" },
		...{ system: false, assets: id * 3, problem: id === 4 ? (text ?? 'There is no field "oss".') : null },
		...{ evaluatedAt: at, createdAt: at, updatedAt: at },
	};
}

export function savedQueryOf(id: number, { text }: SampleOptions): SavedQuery {
	return {
		...{
			id,
			name: text ?? `query ${id}`,
			list: "assets",
			filter: text?.slice(0, 4_000) ?? "os is null",
			comment: text?.slice(0, 1_000) ?? "",
		},
		...{ builtIn: id === 1, savedBy: text ?? "unix:1000", updatedAt: at },
	};
}

export function widgetOf(id: number, options: SampleOptions): Widget {
	const kind = (["count", "table", "trend"] as const)[(id - 1) % 3] ?? "count";
	return {
		...{ id, position: id - 1, kind, query: savedQueryOf(id, options), count: id * 7 },
		problem: null,
		rows: kind === "table" ? [{ id: 1, title: options.text ?? "host-1.example.org" }] : [],
		points: kind === "trend" ? [3, 9, 4].map((count, day) => ({ day: `2026-02-0${day + 1}`, count })) : [],
	};
}

/** Every kind of box, sizes mixed. */
export function dashboardOf({ text }: SampleOptions): Dashboard {
	const query = (at: number) =>
		text
			?.replace(/["\p{Cc}]/gu, "")
			.trim()
			.slice(0, 200) || `query ${at}`;
	const asked = (["table", "trend", "count"] as const).map(
		(as, at): DashboardWidget => ({ kind: "query", query: query(at + 1), as, width: 1, height: at === 2 ? 1 : 2 }),
	);
	const shows = ["severity", "scans", "weaknesses", "assets", "queries", "risk", "yesterday", "overdue"] as const;
	const more = ["requests", "duplicates", "knowledge", "newest", "trend", "services", "activity"] as const;
	const builtIn = [...shows, ...more].map(
		(one): DashboardWidget => ({
			kind: "built-in",
			shows: one,
			width: one === "queries" ? 2 : 1,
			height: one === "queries" ? 1 : 2,
		}),
	);
	return { widgets: [...builtIn, ...asked], own: true };
}

export function queryAnswerOf(as: QueryAnswer["kind"], options: SampleOptions): QueryAnswer {
	const at = { count: 1, table: 2, trend: 3 }[as];
	const { kind, query, count, problem, rows, points } = widgetOf(at, options);
	return { kind, query, count, problem, rows, points };
}

export function savedViewOf(list: string, name: string, { text }: SampleOptions = {}): SavedView {
	return {
		...{ list, name: text === undefined ? name : harmlessName(text), filter: text ?? "severity>=4", columns: [] },
		...{ sort: "-severity,port", shared: true, owner: text ?? "unix:1000", mine: true },
		updatedAt: "2026-02-03T09:12:44.000Z",
	};
}

/** A name as the daemon takes it. */
function harmlessName(text: string): string {
	return (
		text
			.replace(/["\p{Cc}]/gu, "")
			.trim()
			.slice(0, 100) || "a view"
	);
}
