/** Pages of sample rows, for the client without a daemon. */
import type { MethodParams } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import type * as scans from "../../protocol/methods/scans.ts";

/** Pages as the daemon gives them; a filter that contains "nonsense" is wrong, one that contains "nothing" matches none. */
export function page<Row>(params: MethodParams<typeof scans.list>, total: number, rowAt: (index: number) => Row) {
	const filter = params.filter ?? "";
	if (filter.includes("nonsense")) {
		throw new AppError("invalid", "There is no field “nonsense”.", {
			hint: "Did you mean name?",
			details: { at: filter.indexOf("nonsense") },
		});
	}
	const all = filter.includes("nothing") ? 0 : filter === "" ? total : Math.ceil(total / 3);
	const start = Number(params.cursor ?? 0) + (params.skip ?? 0);
	const end = Math.min(all, start + (params.limit ?? 100));
	const items = Array.from({ length: Math.max(0, end - start) }, (_, index) => rowAt(start + index));
	return { items, total: all, next: end < all ? String(end) : null };
}
