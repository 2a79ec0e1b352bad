/** Access: who may connect besides root and the daemon's own user, by what, and what each may do. */
import { list } from "../../../protocol/methods/access.ts";
import type { AccessOverview } from "../../../protocol/model/operator.ts";
import {
	openAddKey,
	openGrant,
	openListen,
	openNewToken,
	openSingleOperator,
	openTakeAway,
} from "../../components/access/access-forms.ts";
import {
	type AccessRow,
	accessColumns,
	accessRows,
	accessSorts,
	accessText,
	identityOf,
	nameOf,
} from "../../components/access/access-rows.ts";
import { describeAccess } from "../../components/access/describe-access.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { exactly } from "../../text/filter-terms.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

export const access: Screen<"access"> = {
	id: "access",
	title: "Access",
	open(route, context) {
		let overview: AccessOverview | undefined;
		return createListView<AccessRow, AccessOverview>(
			{
				...{ route, title: "Access", filter: "", nouns: ["entry", "entries"], example: "token" },
				...{ scopes: ["access"], columns: accessColumns },
				chips: () => (overview?.singleOperator ? ["! one operator decides alone"] : []),
				figures: () =>
					overview ? [[`you: ${personName(overview.you.user)}, ${overview.you.access} · `, "muted"]] : [],
				empty: [
					[["Nobody else was granted access: root and the daemon's own user are admin."]],
					[],
					[
						[keyOf("access", "grant"), "key"],
						[" lets a user or a group in   ", "muted"],
						[keyOf("access", "token"), "key"],
						[" makes a token", "muted"],
					],
				],
				async fetchPage(request, signal) {
					overview = await context.client.call(list, {}, { signal });
					return localPage(accessRows(overview), request, accessText, accessSorts);
				},
				watch: () => () => undefined,
				loadDetail: async () => overview ?? (await context.client.call(list, {})),
				describe: (row, detail) => (detail ? describeAccess(row, detail) : []),
				titleOf: nameOf,
				open(row) {
					if (overview) context.open({ to: "access-entry", row, overview });
				},
				extra: (current, { refresh }) => {
					const on = (act: (row: AccessRow) => void, reasonAgainst: (row: AccessRow) => string | undefined) => ({
						run() {
							const row = current();
							if (row) act(row);
						},
						disabled() {
							const row = current();
							return row ? reasonAgainst(row) : "There is nothing here.";
						},
					});
					return handle<"access">({
						acts: on(
							(row) => context.open({ to: "audit", filter: `who:${exactly(identityOf(row) ?? "")}` }),
							(row) => (identityOf(row) ? undefined : "Nobody acts in the name of a group: the log names its members."),
						),
						grant: { run: () => openGrant(context, undefined, refresh) },
						level: on(
							(row) => openGrant(context, row, refresh),
							(row) =>
								row.kind === "operator" ? undefined : "Only of operators and groups; end a token and make another.",
						),
						token: { run: () => openNewToken(context, refresh) },
						key: { run: () => openAddKey(context, refresh) },
						"take-away": on(
							(row) => openTakeAway(context, row, refresh),
							(row) => (row.kind === "token" && row.token.state === "revoked" ? "It was ended already." : undefined),
						),
						listen: {
							run() {
								if (overview) openListen(context, overview.network, refresh);
							},
							disabled: () => (overview ? undefined : "The daemon has not answered yet."),
						},
						"single-operator": {
							run: () => openSingleOperator(context, overview?.singleOperator ?? null, refresh),
							disabled: () => (overview ? undefined : "The daemon has not answered yet."),
						},
					});
				},
			},
			context,
		);
	},
};
