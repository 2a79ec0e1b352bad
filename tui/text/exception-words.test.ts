import { expect, test } from "vitest";
import type { ExceptionPreview } from "../../protocol/model/exception.ts";
import { previewWords } from "./exception-words.ts";

test("those set apart already are named as part of what a request is compared with", () => {
	const preview: ExceptionPreview = {
		...{ subject: "Weak keys on 12 assets", findings: 12, assets: 12, excepted: 1, of: 80 },
		...{ first: [], similar: [], refusal: null, digest: "0" },
		bySeverity: { "1": 0, "2": 0, "3": 12, "4": 0, "5": 0 },
	};
	expect(previewWords(preview, false)).toEqual([
		"It hides 12 findings on 12 assets, of 80 that are open or set apart: 12 of severity 3.",
		"1 of them is set apart already.",
		"Findings that come later are not covered.",
	]);
});
