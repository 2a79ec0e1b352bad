import fc from "fast-check";
import { expect, test } from "vitest";
import { accessLevels } from "../../protocol/define.ts";
import { decisionRefusal } from "./four-eyes.ts";

const [ana, ben] = ["unix:1001", "unix:1002"];

test("somebody else who may approve decides", () => {
	expect(decisionRefusal({ requester: ana, approver: ben, access: "approve", singleOperator: false })).toBeNull();
});

test("nobody decides on their own request, until one operator alone is what was chosen", () => {
	const own = { requester: ana, approver: ana, access: "admin" } as const;
	expect(decisionRefusal({ ...own, singleOperator: false })).toMatch(/four eyes/);
	expect(decisionRefusal({ ...own, singleOperator: true })).toBeNull();
});

test("without approve access nothing is decided, whoever asked and whatever the mode", () => {
	const people = fc.constantFrom(ana, ben, "token:ci");
	fc.assert(
		fc.property(
			people,
			people,
			fc.constantFrom(...accessLevels),
			fc.boolean(),
			(requester, approver, access, alone) => {
				const refusal = decisionRefusal({ requester, approver, access, singleOperator: alone });
				const may = (access === "approve" || access === "admin") && (requester !== approver || alone);
				expect(refusal === null).toBe(may);
			},
		),
	);
});
