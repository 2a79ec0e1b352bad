/** Handlers of the ignores area. */
import { AppError } from "../../../protocol/errors.ts";
import { listIgnoreRequests } from "../../store/ignored.ts";
import { transaction } from "../../store/sql.ts";
import { getIgnoreRequest, ignore, ignoreWork, restoreIgnored } from "../../tickets/ignore.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";
import { refuseIgnoring } from "./may-ignore.ts";

export function ignoresHandlers({ store, hub, audit }: Services): AreaHandlers<"ignores"> {
	const { db, clock } = store;
	return {
		preview: (wish) => ignoreWork(store, wish).preview,
		add: ({ digest, reason, days, ...wish }, context) => {
			refuseIgnoring(db, context);
			const { user: who } = context;
			const request = transaction(db, () => {
				const work = ignoreWork(store, wish);
				const { findings, assets, pairs } = work.preview;
				if (work.preview.digest !== digest) {
					const now = `It would ignore ${findings} findings on ${assets} hosts now, or others than were shown`;
					throw new AppError("conflict", `${now}: nothing was changed.`, {
						hint: "Look again at what would be ignored, then do it.",
					});
				}
				if (pairs === 0) {
					throw new AppError(
						"conflict",
						"These checks have found nothing on these hosts: there is nothing to ignore.",
						{
							hint: "See where they have: vedette findings qid:NUMBER",
						},
					);
				}
				const id = ignore(db, work, { ...wish, days, said: { by: who, at: clock.now(), text: reason } });
				const after = { ...wish, days, findings, assets };
				audit.write({ who, action: "ignore.add", object: `ignore ${id}`, after, reason });
				return getIgnoreRequest(db, id);
			});
			hub.post({ kind: "findings-changed" });
			hub.post({ kind: "inventory-changed" });
			return { request };
		},
		list: ({ limit }) => listIgnoreRequests(db, limit),
		restore: ({ id, reason }, { user: who }) => {
			const restored = transaction(db, () => {
				const before = getIgnoreRequest(db, id);
				const restored = restoreIgnored(db, id, { by: who, at: clock.now(), text: reason });
				const after = { findings: restored.findings };
				audit.write({ who, action: "ignore.restore", object: `ignore ${id}`, before, after, reason });
				return restored;
			});
			hub.post({ kind: "findings-changed" });
			hub.post({ kind: "inventory-changed" });
			return restored;
		},
	};
}
