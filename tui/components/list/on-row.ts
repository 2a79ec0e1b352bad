/** Actions of a list on the row under the cursor: done to it, and off with a reason while there is none. */
import type { Handler } from "../../screens/view.ts";

/** `noun`: what a row is. `disabled` says why it cannot be done to this row. */
export function onRow<Row>(current: () => Row | undefined, noun: string) {
	return (work: (row: Row) => void, disabled: (row: Row) => string | undefined = () => undefined): Handler => ({
		run() {
			const row = current();
			if (row) work(row);
		},
		disabled() {
			const row = current();
			return row ? disabled(row) : `There is no ${noun} here.`;
		},
	});
}
