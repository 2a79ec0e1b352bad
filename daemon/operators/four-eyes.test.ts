import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accessLevels } from "../../protocol/define.ts";
import { decisionRefusal, type Party } from "./four-eyes.ts";

const person = (identity: string, uid: number | null, name = identity): Party => ({ identity, uid, name });
const [ana, ben] = [person("unix:1001", 1001), person("unix:1002", 1002)];
const decided = { access: "admin", singleOperator: false } as const;

test("somebody else who may approve decides", () => {
	expect(decisionRefusal({ requester: ana, approver: ben, access: "approve", singleOperator: false })).toBeNull();
	const [ci, deploy] = [person("token:ci", 1001), person("token:deploy", 1002)];
	expect(decisionRefusal({ ...decided, requester: ci, approver: deploy })).toBeNull();
});

test("nobody decides on their own request, until one operator alone is what was chosen", () => {
	const own = { requester: ana, approver: ana, access: "admin" } as const;
	const refusal = decisionRefusal({ ...own, singleOperator: false });
	expect(refusal?.message).toMatch(/four eyes/);
	// The command refuses to do it without a reason.
	expect(refusal?.hint).toMatch(/vedette access single-operator on --reason WHY$/);
	expect(decisionRefusal({ ...own, singleOperator: true })).toBeNull();
});

describe("a second name makes nobody a second person:", () => {
	test.each<[string, Party, Party]>([
		["a token of nobody's, and oneself", person("token:ci", 1001), ana],
		["oneself, and a token of nobody's", ana, person("token:ci", 1001)],
		["two tokens", person("token:ci", 1001), person("token:deploy", 1001)],
		["oneself, and a token that was made for somebody else", ana, person("unix:1002", 1001)],
		["a token that was made for somebody else, and oneself", person("unix:1002", 1001), ana],
		["one's own token held by somebody else", ana, person("unix:1001", 1002)],
		["asked for before that was kept", person("unix:1001", null), person("token:ci", 1001)],
		["two tokens of one person, over the network", person("person:ana", null), person("person:ana", null)],
		["a token of a person, and their account", person("person:ana", null, "ana"), person("unix:1001", 1001, "ana")],
		["their account, and a token of the person", person("unix:1001", 1001, "Ana"), person("person:ana", null, "ana")],
	])("%s", (_, requester, approver) => {
		expect(decisionRefusal({ ...decided, requester, approver })?.message).toMatch(/four eyes/);
		expect(decisionRefusal({ ...decided, requester, approver, singleOperator: true })).toBeNull();
	});
});

test("over the network whoever says of nobody who they are is nobody: they neither decide, nor is decided on what they asked for", () => {
	const [ci, deploy] = [person("token:ci", null), person("token:deploy", null)];
	const [anaByToken, benByToken] = [person("person:ana", null), person("person:ben", null)];
	for (const [requester, approver] of [
		[ci, deploy],
		[ci, ben],
		[anaByToken, ci],
	] as const) {
		const refusal = decisionRefusal({ ...decided, requester, approver });
		expect(refusal?.message).toMatch(/is nobody's: four eyes/);
		expect(refusal?.hint).toMatch(/--for person:/);
	}
	expect(decisionRefusal({ ...decided, requester: anaByToken, approver: benByToken })).toBeNull();
	expect(decisionRefusal({ ...decided, requester: anaByToken, approver: ben })).toBeNull();
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
