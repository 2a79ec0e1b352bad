/** Requests: who asked that what be set apart, and what was decided on it. */
import type { Client } from "../../../protocol/client.ts";
import type { StreamSnapshot } from "../../../protocol/define.ts";
import { get, list, watch } from "../../../protocol/methods/exceptions.ts";
import { type Exception, type ExceptionForCaller, exceptionLimits } from "../../../protocol/model/exception.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { describeRequest, type RequestDetail, statePiece } from "../../components/request/describe-request.ts";
import { requestHandlers } from "../../components/request/request-acts.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { askedBy, endingSoon } from "../../text/exception-words.ts";
import { age, count } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<Exception>[] = [
	{
		id: "id",
		title: "ID",
		sort: "id",
		width: 5,
		worth: 95,
		align: "right",
		draw: (row) => [[String(row.id), "muted"]],
	},
	{
		...{ id: "age", title: "AGE", sort: "requestedAt", width: 5, worth: 70, align: "right" as const },
		draw: (row, now) => [[age(row.requestedAt, now)]],
	},
	{ id: "state", title: "STATE", sort: "state", width: 9, worth: 98, draw: (row) => [statePiece(row.state)] },
	{ id: "kind", title: "KIND", sort: "kind", width: 14, most: 20, worth: 60, draw: (row) => [[row.kind]] },
	{
		...{ id: "findings", title: "HIDES", sort: "findings", width: 7, worth: 90, align: "right" as const },
		draw: (row) => [[count(row.findings)]],
	},
	{
		...{ id: "assets", title: "ASSETS", sort: "assets", width: 6, worth: 65, align: "right" as const },
		draw: (row) => [[count(row.assets)]],
	},
	{
		...{ id: "until", title: "UNTIL", sort: "until", width: 10, worth: 80 },
		draw: ({ state, until }) =>
			until !== null && (state === "approved" || state === "expired") ? [[until.slice(0, 10)]] : [["—", "faint"]],
	},
	{
		...{ id: "by", title: "BY", sort: "requester", width: 10, most: 24, grow: 1, worth: 75 },
		draw: (row) => [[personName(row.requester), "muted"]],
	},
	{
		id: "subject",
		title: "WHAT",
		sort: "subject",
		width: 20,
		grow: 3,
		most: 80,
		worth: 92,
		draw: (row) => [[row.subject]],
	},
];

const filters = {
	"to decide": (user: string) => `state:requested and not ${askedBy(user)}`,
	mine: askedBy,
	"ending soon": () => endingSoon,
	all: () => "",
} as const;
type Part = keyof typeof filters;
const parts: readonly Part[] = ["all", "to decide", "mine", "ending soon"];

const nothing: Readonly<Record<Part, string>> = {
	"to decide": "Nothing waits for your decision.",
	mine: "You have asked for no exception.",
	"ending soon": `No approval ends within ${exceptionLimits.warnDays} days.`,
	all: "Nobody has asked for an exception.",
};

function waitingPieces({ requested, ending }: Waiting): readonly Piece[] {
	return [
		...(requested > 0 ? [[`${count(requested)} waiting`, "warning"] as const, [" · ", "faint"] as const] : []),
		...(ending > 0 ? [[`${count(ending)} ending soon`, "warning"] as const, [" · ", "faint"] as const] : []),
	];
}

type Waiting = StreamSnapshot<typeof watch>;

/** Calls back at first and for each change, with how many wait and end soon. Returns the way to stop. */
function watchWaiting(client: Client, changed: (now: Waiting) => void): () => void {
	const subscription = client.subscribe(
		watch,
		{},
		{
			onSnapshot: changed,
			onEvent(event) {
				if (event.kind === "changed") changed(event);
			},
		},
	);
	subscription.ready.catch(() => undefined);
	return () => subscription.close();
}

export const requests: Screen<"requests"> = {
	id: "requests",
	title: "Requests",
	open: (route, context) => {
		const part = route.part ?? "all";
		const { user } = context.client.hello;
		let waiting = { requested: 0, ending: 0 };
		return createListView<ExceptionForCaller, RequestDetail>(
			{
				...{ route, title: "Requests", filter: filters[part](user), nouns: ["request", "requests"] },
				name: () => (part === "all" ? "Requests" : `Requests: ${part}`),
				example: "state:approved and until<now+14d",
				scopes: ["requests"],
				columns,
				marking: true,
				figures: () => waitingPieces(waiting),
				empty: [
					[[nothing[part]]],
					[],
					[
						[keyOf("finding", "except"), "key"],
						[" on a finding asks for one   ", "muted"],
						[keyOf("requests", "view"), "key"],
						[" to decide, mine, ending soon, all", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, request, { signal }),
				watch: (changed) =>
					watchWaiting(context.client, (now) => {
						waiting = now;
						changed();
					}),
				loadDetail: (id) => context.client.call(get, { id }),
				describe: (row, detail) => describeRequest(row, detail),
				titleOf: (row) => `request ${row.id}`,
				open: (row) => context.open({ to: "request", request: row.id }),
				extra: (_current, { marks, take, refresh }) =>
					handle<"requests">({
						...requestHandlers(context, {
							...{ rows: marks.rows, take },
							done() {
								marks.clear();
								refresh();
							},
						}),
						view: {
							run: () =>
								context.replace({ to: "requests", part: parts[(parts.indexOf(part) + 1) % parts.length] ?? "all" }),
						},
					}),
			},
			context,
		);
	},
};
