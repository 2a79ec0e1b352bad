/** What deciding does to the findings of a request: a step at a time, for there may be a hundred thousand. */
import type { ExceptionState } from "../../protocol/model/exception.ts";
import type { BulkStepOf } from "../store/bulk-works.ts";
import { setExcepted } from "../store/excepted.ts";
import { coveredAfter, coveredByNoneElse } from "../store/exception-cover.ts";
import { exceptionState } from "../store/exceptions.ts";

export interface SetApartWork {
	readonly exception: number;
	/** Set apart; false: they count again, but for what another approval covers. */
	readonly apart: boolean;
	/** When it was decided. Milliseconds. */
	readonly at: number;
}

/** Goes through what is covered, by number. An approval that is taken back meanwhile is set apart no further. */
export const setApart: BulkStepOf<SetApartWork> = (db, { exception, apart, at }, _list, { place, most }) => {
	const state = exceptionState(db, exception);
	if (state === null || apart !== approved.includes(state)) return { next: null, changed: 0 };
	const step = { exception, after: place, limit: most };
	const { ids, next } = apart ? coveredAfter(db, step) : coveredByNoneElse(db, step, at);
	const { findings } = setExcepted(db, ids, "exception", apart, at);
	return { next, changed: findings };
};

/** What has expired stays set apart until it is seen again. */
const approved: readonly ExceptionState[] = ["approved", "expired"];
