/** Findings put together by what is wrong or by asset: where a few repairs close most. */
import { groups, list, watch } from "../../../protocol/methods/findings.ts";
import type { Finding, FindingGroup } from "../../../protocol/model/finding.ts";
import { findingLine } from "../../components/finding/describe-finding.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import type { Block } from "../../components/reader/document.ts";
import { mendingHandlers } from "../../components/remedy/mending.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { age } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { severityMark } from "../../theme/severity.ts";
import { handle, type Screen } from "../view.ts";
import { filterOfGroup } from "./model.ts";

const shownFindings = 12;

export const findingGroups: Screen<"finding-groups"> = {
	id: "finding-groups",
	title: "Findings together",
	open(route, context) {
		const { by } = route;
		const known = new Map<number, FindingGroup>();
		let shownFilter = () => route.filter;
		return createListView<FindingGroup, readonly Finding[]>(
			{
				route,
				title: by === "signature" ? "By what is wrong" : "By asset",
				filter: route.filter,
				nouns: by === "signature" ? ["kind", "kinds"] : ["asset", "assets"],
				example: "severity>=4",
				completes: "findings",
				scopes: ["finding-groups", "mending"],
				columns: by === "signature" ? ofSignatures : ofAssets,
				empty: [[["✓ ", "good"], ["Nothing is open."]]],
				async fetchPage(request, signal) {
					const page = await context.client.call(groups, { ...request, by }, { signal });
					for (const group of page.items) known.set(group.id, group);
					return page;
				},
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				async loadDetail(id) {
					const group = known.get(id);
					if (group === undefined) return [];
					const filter = filterOfGroup(group, "");
					return (await context.client.call(list, { filter, limit: shownFindings, counted: false })).items;
				},
				describe: describeGroup,
				titleOf: ({ title }) => title,
				open: (group) => context.open({ to: "findings", filter: filterOfGroup(group, shownFilter()) }),
				extra(current, { filter }) {
					shownFilter = filter;
					return {
						...mendingHandlers(context, () => {
							const group = current();
							return group && { filter: filterOfGroup(group, filter()), what: `what is open of ${group.title}` };
						}),
						...handle<"finding-groups">({
							"other-way": {
								run: () =>
									context.replace({
										...{ to: "finding-groups", filter: filter() },
										by: by === "signature" ? "asset" : "signature",
									}),
							},
						}),
					};
				},
			},
			context,
		);
	},
};

function describeGroup(group: FindingGroup, findings: readonly Finding[] | undefined, now: number): Block[] {
	const { name, severity, priority, assets, cvss, epss, kev, oldest } = group;
	const some = (value: number | null, text: (value: number) => string) => (value === null ? "not known" : text(value));
	return [
		{ kind: "field", name: group.by === "signature" ? "check" : "asset", pieces: [[name]] },
		{ kind: "field", name: "worst", pieces: [severityMark(severity), [`  priority ${priority.toFixed(1)}`]] },
		{
			kind: "field",
			name: "findings",
			pieces: [[`${group.findings} on ${assets} ${assets === 1 ? "asset" : "assets"}`]],
		},
		{ kind: "field", name: "CVSS", pieces: [[some(cvss, (score) => score.toFixed(1))]] },
		{ kind: "field", name: "EPSS", pieces: [[some(epss, (share) => `${(share * 100).toFixed(1)} %`)]] },
		...(kev ? [{ kind: "field" as const, name: "used", pieces: [["known to be exploited", "bad"] as const] }] : []),
		{ kind: "field", name: "oldest", pieces: [[age(oldest, now)]] },
		{ kind: "heading", text: "Findings" },
		...(findings ?? []).map((finding): Block => ({ kind: "pieces", pieces: lineOf(group, finding) })),
	];
}

/** What is the same for all of them is not said again. */
function lineOf({ by }: FindingGroup, finding: Finding): Piece[] {
	if (by === "asset") return findingLine(finding);
	const port = finding.port === null ? "host" : `${finding.port}/${finding.protocol ?? "tcp"}`;
	return [severityMark(finding.severity), ["  "], [finding.asset.name, "address"], [`  ${port}`, "muted"]];
}

const severityColumn: Column<FindingGroup> = {
	...{ id: "severity", title: "SEV", sort: "severity", width: 4, worth: 100 },
	draw: ({ severity }) => [severityMark(severity)],
};
const figure = (id: string, title: string, worth: number, of: (row: FindingGroup) => string): Column<FindingGroup> => ({
	...{ id, title, sort: id, width: Math.max(4, title.length + 1), worth, align: "right" },
	draw: (row) => [[of(row), "number"]],
});
const figures: readonly Column<FindingGroup>[] = [
	figure("priority", "PRIO", 90, ({ priority }) => String(Math.round(priority))),
	figure("findings", "FINDINGS", 95, ({ findings }) => String(findings)),
	figure("epss", "EPSS", 60, ({ epss }) => (epss === null ? "—" : epss.toFixed(2))),
	{
		...{ id: "kev", title: "KEV", sort: "kev", width: 4, worth: 70 },
		draw: ({ kev }) => (kev ? [["●KEV", "bad"]] : []),
	},
	{
		...{ id: "oldest", title: "AGE", sort: "oldest", width: 5, worth: 50, align: "right" },
		draw: ({ oldest }, now) => [[age(oldest, now), "muted"]],
	},
];

const ofSignatures: readonly Column<FindingGroup>[] = [
	severityColumn,
	{
		...{ id: "title", title: "WHAT IS WRONG", sort: "title", width: 28, grow: 1, worth: 99 },
		draw: ({ title }) => [[title]],
	},
	figure("assets", "ASSETS", 98, ({ assets }) => String(assets)),
	...figures,
];
const ofAssets: readonly Column<FindingGroup>[] = [
	severityColumn,
	{
		...{ id: "title", title: "ASSET", sort: "title", width: 28, grow: 1, worth: 99 },
		draw: ({ title }) => [[title, "address"]],
	},
	...figures,
];
