/** Handlers of the ignores area. */
import { AppError } from "../../../protocol/errors.ts";
import type { IgnoreWish } from "../../../protocol/model/ignore.ts";
import { createIgnoreRequest, listIgnoreRequests, markIgnoreRestored } from "../../store/ignored.ts";
import { transaction } from "../../store/sql.ts";
import { daysLater } from "../../tickets/due.ts";
import { demandRestorable, getIgnoreRequest } from "../../tickets/ignore.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";
import { refuseIgnoring } from "./may-ignore.ts";

export function ignoresHandlers({ store, hub, audit, bulk }: Services): AreaHandlers<"ignores"> {
	const { db, clock } = store;
	const changed = () => {
		hub.post({ kind: "findings-changed" });
		hub.post({ kind: "inventory-changed" });
	};
	const look = (wish: IgnoreWish, signal: AbortSignal) => bulk.ask("ignore", { wish, now: clock.now() }, signal);
	return {
		preview: async (wish, { signal }) => (await look(wish, signal)).preview,
		add: async ({ digest, reason, days, ...wish }, context) => {
			refuseIgnoring(db, context);
			const { user: who, signal } = context;
			const { preview, findings: list } = await look(wish, signal);
			const { findings, assets, pairs } = preview;
			if (preview.digest !== digest) {
				const now = `It would ignore ${findings} findings on ${assets} hosts now, or others than were shown`;
				throw new AppError("conflict", `${now}: nothing was changed.`, {
					hint: "Look again at what would be ignored, then do it.",
				});
			}
			if (pairs === 0) {
				throw new AppError("conflict", "These checks have found nothing on these hosts: there is nothing to ignore.", {
					hint: "See where they have: vedette findings qid:NUMBER",
				});
			}
			const { request, begun } = transaction(db, () => {
				const at = clock.now();
				const until = daysLater(at, days);
				const { qids, assets: query } = wish;
				const request = createIgnoreRequest(db, { at, by: who, reason, qids, query, until, findings });
				const begun = bulk.start("ignore", { request, until, said: { by: who, at, text: reason } }, { list });
				const after = { ...wish, days, findings, assets };
				audit.write({ who, action: "ignore.add", object: `ignore ${request}`, after, reason });
				return { request, begun };
			});
			await bulk.finish(begun);
			if (begun.done !== null) changed();
			return { request: getIgnoreRequest(db, request) };
		},
		list: ({ limit }) => listIgnoreRequests(db, limit),
		restore: async ({ id, reason }, { user: who }) => {
			const begun = transaction(db, () => {
				const before = demandRestorable(db, id);
				const at = clock.now();
				markIgnoreRestored(db, id, who, at);
				const said = { by: who, at, text: reason };
				const begun = bulk.start("restore", { request: id, said }, { list: [], size: before.findings + before.pairs });
				const after = { findings: begun.done?.changed ?? before.findings };
				audit.write({ who, action: "ignore.restore", object: `ignore ${id}`, before, after, reason });
				return begun;
			});
			const { changed: findings } = await bulk.finish(begun);
			if (begun.done !== null) changed();
			return { request: getIgnoreRequest(db, id), findings };
		},
	};
}
