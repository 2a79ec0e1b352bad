import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accessLevels } from "../../protocol/define.ts";
import { decisionRefusal, type Person } from "./four-eyes.ts";

const person = (identity: string, uid: number | null): Person => ({ identity, uid });
const [ana, ben] = [person("unix:1001", 1001), person("unix:1002", 1002)];
const decided = { access: "admin", singleOperator: false } as const;

test("somebody else who may approve decides", () => {
	expect(decisionRefusal({ requester: ana, approver: ben, access: "approve", singleOperator: false })).toBeNull();
	const [ci, deploy] = [person("token:ci", 1001), person("token:deploy", 1002)];
	expect(decisionRefusal({ ...decided, requester: ci, approver: deploy })).toBeNull();
});

test("nobody decides on their own request, until one operator alone is what was chosen", () => {
	const own = { requester: ana, approver: ana, access: "admin" } as const;
	expect(decisionRefusal({ ...own, singleOperator: false })).toMatch(/four eyes/);
	expect(decisionRefusal({ ...own, singleOperator: true })).toBeNull();
});

describe("a second name makes nobody a second person:", () => {
	test.each<[string, Person, Person]>([
		["a token of nobody's, and oneself", person("token:ci", 1001), ana],
		["oneself, and a token of nobody's", ana, person("token:ci", 1001)],
		["two tokens", person("token:ci", 1001), person("token:deploy", 1001)],
		["oneself, and a token that was made for somebody else", ana, person("unix:1002", 1001)],
		["a token that was made for somebody else, and oneself", person("unix:1002", 1001), ana],
		["one's own token held by somebody else", ana, person("unix:1001", 1002)],
		["asked for before that was kept", person("unix:1001", null), person("token:ci", 1001)],
	])("%s", (_, requester, approver) => {
		expect(decisionRefusal({ ...decided, requester, approver })).toMatch(/four eyes/);
		expect(decisionRefusal({ ...decided, requester, approver, singleOperator: true })).toBeNull();
	});
});

test("without approve access nothing is decided, whoever asked and whatever the mode", () => {
	const people = fc.constantFrom(ana, ben, person("token:ci", 1003));
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
