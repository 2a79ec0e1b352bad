/** One of those who may connect as a text: for screens without room for details beside the list. */
import { nameOf } from "../../components/access/access-rows.ts";
import { describeAccess } from "../../components/access/describe-access.ts";
import { drawDocument } from "../../components/reader/document.ts";
import { createTextView } from "../../components/reader/text-view.tsx";
import { plainLines } from "../../text/plain.ts";
import type { Screen } from "../view.ts";

/** Reads well wherever it is put. Columns. */
const copiedWidth = 100;

export const accessEntry: Screen<"access-entry"> = {
	id: "access-entry",
	title: "Access",
	open(route, context) {
		const blocks = describeAccess(route.row, route.overview);
		return createTextView(context, {
			...{ route, path: [nameOf(route.row)], title: nameOf(route.row), blocks },
			copy: () => ({ what: "the text", text: plainLines(drawDocument(blocks, copiedWidth)) }),
		});
	},
};
