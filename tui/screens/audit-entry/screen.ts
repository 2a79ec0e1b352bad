/** One entry of the audit log as a text. */
import { describeEntry } from "../../components/audit/describe-entry.ts";
import { createTextView } from "../../components/reader/text-view.tsx";
import type { Screen } from "../view.ts";

export const auditEntry: Screen<"audit-entry"> = {
	id: "audit-entry",
	title: "Entry",
	open(route, context) {
		const { entry } = route;
		return createTextView(context, {
			...{ route, path: [`Entry ${entry.n}`], title: `${entry.action}  ${entry.object}`, blocks: describeEntry(entry) },
			copy: () => ({ what: "the entry", text: JSON.stringify(entry) }),
		});
	},
};
