/** Opening a folder of signatures on disk: what is found, what is left out, and when it counts as something else. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkSignatureText } from "./check-file.ts";
import { recordOfExample } from "./examples.ts";
import { signaturesFolder } from "./load.ts";
import { openKnowledge } from "./open.ts";

let folder: string;
const good = readFileSync(join(signaturesFolder(), "ssh/terrapin.yaml"), "utf8");

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-signatures-"));
	mkdirSync(join(folder, "ssh"));
	writeFileSync(join(folder, "ssh/terrapin.yaml"), good);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, "ssh", name), text);
const other = (name: string, qid = 199_999) =>
	good.replace("id: ssh/terrapin", `id: ssh/${name}`).replace(/qid: \d+/, `qid: ${qid}`);

test("finds a check by id, number, CVE and kind", () => {
	const knowledge = openKnowledge(folder);
	expect(knowledge.signatures.map((signature) => signature.id)).toEqual(["ssh/terrapin"]);
	expect(knowledge.signatures[0]).toMatchObject({ category: "ssh", kind: "ssh", cvss: { score: 5.9 } });
	for (const name of ["ssh/terrapin", " SSH/Terrapin ", "100113", "cve-2023-48795"])
		expect(knowledge.find(name)?.signature.id).toBe("ssh/terrapin");
	for (const name of ["", "ssh", "999999999", "CVE-1999-0001", "__proto__"]) expect(knowledge.find(name)).toBe(null);
	expect(knowledge.checksFor("ssh").length).toBe(1);
	expect(knowledge.checksFor("tls")).toEqual([]);
});

test("an alias is found, but a number of our own comes first", () => {
	const knowledge = openKnowledge();
	expect(knowledge.find("82023")?.signature.id).toBe("ports/open-tcp-services");
	expect(knowledge.find("100101")?.signature.qid).toBe(100_101);
});

test("says where a verdict comes from: match, no match, and why it cannot be told", () => {
	const check = openKnowledge(folder).checksFor("ssh")[0]!;
	const record = (data: Record<string, unknown>) =>
		recordOfExample("ssh", {
			record: data,
			address: "192.0.2.1",
			port: 22,
			protocol: "tcp",
			now: "2026-06-01T00:00:00Z",
		});
	const ciphers = ["chacha20-poly1305@openssh.com"];
	expect(check.evaluate(record({ ciphers }), 0)).toMatchObject({ matched: true, problem: "" });
	expect(check.evaluate(record({ ciphers, strictKex: true }), 0)).toEqual({ matched: false, result: "", problem: "" });
	const broken = { ...record({}), data: {} } as never;
	expect(check.evaluate(broken, 0)).toMatchObject({ matched: null, result: "" });
	expect(check.evaluate(broken, 0).problem).toMatch(/a field was not told/);
});

test.each([
	["broken.yaml", "id: [", /not valid YAML/],
	["empty.yaml", "", /file: /],
	["twice.yaml", other("twice").replace("severity: 3", "severity: 3\nseverity: 4"), /not valid YAML/],
	["bomb.yaml", `a: &a [x]\nb: [*a, *a]\n${other("bomb")}`, /not valid YAML/],
	["cel.yaml", other("cel").replace(/match: \|\n(?: {2,}.*\n)+/, "match: record.strictKex &&\n"), /match: /],
	["field.yaml", other("field").replace("!record.strictKex", "!record.strictKexx"), /there is no field strictKexx/],
	["kind.yaml", other("kind").replace("applies-to: ssh", "applies-to: gopher"), /applies-to/],
	["score.yaml", other("score").replace("/A:N", ""), /not a complete vector/],
	["wrong-name.yaml", other("another"), /must be the path/],
	["same-number.yaml", other("same-number", 100_113), /taken by/],
	["large.yaml", `${other("large")}# ${"x".repeat(70_000)}`, /longer than/],
])("%s is left out with a reason, and the rest goes on", (name, text, problem) => {
	write(name, text);
	const knowledge = openKnowledge(folder);
	const { problems, signatures } = knowledge.status();
	expect(signatures).toBe(1);
	expect(problems.length).toBeGreaterThan(0);
	expect(problems.join("\n")).toMatch(problem);
	expect(problems.every((text) => text.startsWith("ssh/"))).toBe(true);
	expect(knowledge.signatures.length).toBe(1);
});

test("a folder that is not there gives no signatures and says so", () => {
	const knowledge = openKnowledge(join(folder, "nowhere"));
	expect(knowledge.signatures).toEqual([]);
	expect(knowledge.status()).toMatchObject({ signatures: 0, problems: [expect.stringMatching(/cannot be read/)] });
});

test("the version changes with what is judged, not with an example", () => {
	const before = openKnowledge(folder).version;
	expect(openKnowledge(folder).version).toBe(before);
	write("terrapin.yaml", good.replace("  no-match:", "  # said twice\n  no-match:"));
	expect(openKnowledge(folder).version).toBe(before);
	write("terrapin.yaml", good.replace("severity: 3", "severity: 2"));
	expect(openKnowledge(folder).version).not.toBe(before);
});

test("checking a file tells every kind of mistake in words", () => {
	expect(checkSignatureText(good, "ssh/terrapin")).toEqual([]);
	const mistakes: [change: (text: string) => string, wanted: RegExp][] = [
		[(text) => text.replace("strictKex: true", "strictKex: false"), /examples\.no-match\.0: gives match, not no match/],
		[
			(text) => text.replace("strictKex: true", "strictKexx: true"),
			/examples\.no-match\.0: is not a record.*strictKexx/,
		],
		[(text) => text.replace("attacked: aes256-cbc", "attacked: none"), /examples\.match\.1: result is/],
		[(text) => text.replace("severity: 3", "severity: 5"), /severity: 5 is far from CVSS 5\.9/],
		[(text) => text.replace("pci: { fail: true", "pci: { fail: false"), /pci\.fail: must be true/],
		[(text) => text.replace(/cvss: .*\n/, ""), /cvss: a vector is missing/],
		[(text) => text.replace("https://terrapin-attack.com/", "http://terrapin-attack.com/"), /references\.0/],
		[(text) => text.replace('"-etm@openssh\\\\.com$"', '"(a"'), /pattern .* cannot be used/],
		[(text) => text.replace('"-etm@openssh\\\\.com$"', "record.banner"), /must be written as text/],
		[(text) => text.replace("type: confirmed", "type: information"), /information has none/],
	];
	for (const [change, wanted] of mistakes) {
		expect(change(good)).not.toBe(good);
		expect(checkSignatureText(change(good), "ssh/terrapin").join("\n")).toMatch(wanted);
	}
	expect(checkSignatureText(good, "ssh/other")[0]).toMatch(/^id: /);
});
