/** What feeds add to the signatures, and when that means judging everything again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KnowledgeBase } from "./advisories/base.ts";
import { BaseWriter } from "./advisories/base-writer.ts";
import { type Knowledge, signaturesVersion } from "./knowledge.ts";
import { openKnowledge } from "./open.ts";
import { withAdvisories } from "./with-advisories.ts";

let folder: string;
const open: KnowledgeBase[] = [];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-knowledge-"));
});
afterEach(() => {
	for (const base of open.splice(0)) base.close();
	rmSync(folder, { recursive: true });
});

function knowledgeWith(format: string, write: (writer: BaseWriter) => void): Knowledge {
	const path = join(folder, `${open.length}.db`);
	const writer = new BaseWriter(path, { name: format, format, file: format, importedAt: 0 });
	write(writer);
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	open.push(base);
	return withAdvisories(own, base);
}

const own = openKnowledge();
const product = {
	...{ slug: "debian", label: "Debian", category: "os", extendedName: null, cpes: [] },
	cycles: [
		{
			name: "10",
			codename: null,
			longTerm: false,
			releasedAt: null,
			support: "over" as const,
			extended: null,
			latest: null,
		},
	],
};
const fingerprint = {
	pattern: "^Open",
	flags: "",
	description: "Open",
	params: [{ group: 0, name: "service.product", value: "Open" }],
};

it("support dates and fingerprints make checks that are found by name and by number", () => {
	const dates = knowledgeWith("endoflife", (writer) => writer.addProduct(product));
	expect(dates.find("end-of-life/operating-system")?.kind).toBe("system");
	expect(dates.find("102000")?.signature.id).toBe("end-of-life/operating-system");
	expect(dates.checksFor("system").some(({ signature }) => signature.id === "end-of-life/operating-system")).toBe(true);
	expect(dates.find("software/ssh")).toBeNull();
	const prints = knowledgeWith("recog", (writer) => writer.addFingerprint("ssh.banner", fingerprint));
	expect(prints.find("software/ssh")?.signature.type).toBe("information");
	expect(prints.find("end-of-life/operating-system")).toBeNull();
});

it("no two checks have the same number or name", () => {
	const path = join(folder, "both.db");
	for (const format of ["endoflife", "recog"]) {
		const writer = new BaseWriter(path, { name: format, format, file: format, importedAt: 0 });
		if (format === "recog") writer.addFingerprint("ssh.banner", fingerprint);
		else writer.addProduct(product);
		writer.finish();
	}
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	open.push(base);
	const { signatures } = withAdvisories(own, base);
	expect(signatures.length).toBeGreaterThan(own.signatures.length);
	expect(new Set(signatures.map(({ qid }) => qid)).size).toBe(signatures.length);
	expect(new Set(signatures.map(({ id }) => id)).size).toBe(signatures.length);
});

it("all is judged again when they change, and not for advisories", () => {
	const advisory = {
		id: "DSA-1",
		cves: [],
		title: "x",
		severity: null,
		cvss: [],
		publishedAt: null,
		modifiedAt: null,
		withdrawnAt: null,
		affected: [],
	};
	const osv = knowledgeWith("osv", (writer) => writer.addAdvisory(advisory));
	const dates = knowledgeWith("endoflife", (writer) => writer.addProduct(product));
	const newer = knowledgeWith("endoflife", (writer) => writer.addProduct({ ...product, label: "Debian GNU/Linux" }));
	expect(signaturesVersion(osv)).toBe(signaturesVersion(own));
	expect(signaturesVersion(dates)).not.toBe(signaturesVersion(own));
	expect(signaturesVersion(newer)).not.toBe(signaturesVersion(dates));
});
