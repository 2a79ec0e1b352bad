/** Handlers of the priorities area. */
import { AppError } from "../../../protocol/errors.ts";
import { priorityWeights } from "../../../protocol/model/priority.ts";
import { partsOf } from "../../priorities/score.ts";
import { factsOf } from "../../priorities/weigh.ts";
import { findPriorityFacts, readWeights, writeWeights } from "../../store/priorities.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

/** What brings assets in step after weights have changed. */
export interface PriorityDesk {
	soon(): void;
}

export function prioritiesHandlers({ store, audit, hub }: Services, desk: PriorityDesk): AreaHandlers<"priorities"> {
	return {
		weights: () => ({ weights: readWeights(store.db) }),
		setWeights({ weights }, { user }) {
			const before = readWeights(store.db);
			const after = priorityWeights.parse({ ...before, ...weights });
			if (Object.values(after).every((weight) => weight === 0)) {
				throw new AppError("invalid", "Then nothing would weigh anything.", {
					hint: "Leave at least one factor above 0.",
				});
			}
			transaction(store.db, () => {
				writeWeights(store.db, after);
				audit.write({ who: user, action: "priority.weigh", object: "priorities", before, after });
			});
			desk.soon();
			hub.post({ kind: "findings-changed" });
			return { weights: after };
		},
		explain({ finding }) {
			const facts = findPriorityFacts(store.db, finding);
			if (facts === null) {
				throw new AppError("not-found", `There is no finding ${finding}.`, {
					hint: "List them with: vedette findings",
				});
			}
			const parts = partsOf({ ...facts, asset: factsOf(facts.asset) }, readWeights(store.db));
			const sum = parts.reduce((total, { points }) => total + points, 0);
			return { finding, title: facts.title, priority: Math.min(100, Math.round(sum * 10) / 10), parts };
		},
	};
}
