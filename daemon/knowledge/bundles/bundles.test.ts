/** Bundles made and taken in: real bases, real files, whatever is done to them on the way. */
import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeIn } from "../advisories/take-in.ts";
import { applyBundle } from "./apply-bundle.ts";
import { checkSignature, parseHead, readHead } from "./bundle-head.ts";
import { keyId, keyLine, makeKeyPair, parseKeyLine } from "./bundle-key.ts";
import { createBundle } from "./create-bundle.ts";
import { feedsOf, indexBase, KeyBag, readIndex, sorted, stateOf, writeIndex } from "./line-index.ts";
import { recordLines } from "./record-lines.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-bundle-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = (name: string) => join(folder, name);
const pair = makeKeyPair();
const key = { name: "office", id: keyId(pair.publicKey), publicKey: pair.publicKey };
const trusted = { [key.id]: key.publicKey };

const osv = (id: number, fixed: number) => ({
	...{ id: `DSA-${id}`, summary: `Flaw ${id}`, modified: "2026-01-02T00:00:00Z", upstream: [`CVE-2026-${1_000 + id}`] },
	...{ severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }] },
	affected: [
		{ package: { ecosystem: "Plan9", name: "left-out" }, versions: ["1"] },
		{
			package: { ecosystem: "Debian:12", name: `package${id % 3}` },
			ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: `1.${fixed}` }, { introduced: "2.0" }] }],
		},
	],
	...(id % 5 === 4 ? { withdrawn: "2026-01-03T00:00:00Z" } : {}),
});
const kevOf = (ids: readonly number[]) => ({
	...{ catalogVersion: "1", dateReleased: "2026-01-05T00:00:00Z" },
	vulnerabilities: ids.map((id) => ({
		...{ cveID: `CVE-2026-${1_000 + id}`, dateAdded: "2026-01-04", vulnerabilityName: `Flaw ${id}` },
		knownRansomwareCampaignUse: id % 2 === 0 ? "Known" : "Unknown",
	})),
});
const epssOf = (ids: readonly number[]) =>
	`#score_date:2026-01-05T00:00:00+0000\ncve,epss,percentile\n${ids.map((id) => `CVE-2026-${1_000 + id},0.${id + 1},0.5\n`).join("")}`;

type Content = readonly { readonly id: number; readonly fixed: number }[];

/** A base at `name` that says this, made from the one that is there. */
async function say(name: string, content: Content): Promise<void> {
	const ids = content.map(({ id }) => id);
	const files = {
		osv: JSON.stringify(content.map(({ id, fixed }) => osv(id, fixed))),
		kev: JSON.stringify(kevOf(ids)),
		epss: epssOf(ids),
		ieee: `Registry,Assignment,Organization Name\n${content.map(({ id, fixed }) => `MA-L,00AB${10 + id},Maker ${fixed}\n`).join("")}`,
	};
	for (const [feed, text] of Object.entries(files)) {
		writeFileSync(place(feed), text);
		rmSync(place("next.db"), { force: true });
		const paths = { path: place(feed), current: place(name), next: place("next.db") };
		await takeIn({ ...paths, name: feed, now: 1_000 }, () => {});
		renameSync(place("next.db"), place(name));
	}
}

function make(base: string, to: string, since: Parameters<typeof createBundle>[0]["since"] = null) {
	rmSync(place(to), { force: true });
	return create(base, to, since);
}

function create(base: string, to: string, since: Parameters<typeof createBundle>[0]["since"] = null) {
	const what = { base: place(base), path: place(to), since, previous: null, feeds: [], indexes: folder };
	const by = { createdAt: "2026-01-06T00:00:00.000Z", by: "vedette test", key, secret: pair.secret, checkedAt: {} };
	return createBundle({ ...what, ...by }, () => {});
}

async function apply(bundle: string, base: string): Promise<string[]> {
	const head = readHead(place(bundle));
	if (typeof head === "string") throw new Error(head);
	rmSync(place("next.db"), { force: true });
	const paths = { path: place(bundle), current: place(base), next: place("next.db") };
	const changed = await applyBundle({ ...paths, hash: head.hash, trusted, now: 2_000 }, () => {});
	if (changed.length > 0) renameSync(place("next.db"), place(base));
	return changed;
}

function linesOf(base: string): unknown {
	const db = new DatabaseSync(place(base), { readOnly: true });
	try {
		return feedsOf(db).map((feed) => [feed.name, feed.digest, [...recordLines(db, feed)].sort()]);
	} finally {
		db.close();
	}
}

const contents = fc.uniqueArray(fc.record({ id: fc.nat(30), fixed: fc.nat(9) }), {
	...{ minLength: 1, maxLength: 12, selector: ({ id }) => id },
});

it("whole or by what has changed: there it says what it says here", { timeout: 60_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(contents, contents, async (before, after) => {
			for (const name of ["here.db", "there.db"]) rmSync(place(name), { force: true });
			await say("here.db", before);
			await make("here.db", "one");
			await apply("one", "there.db");
			expect(linesOf("there.db")).toEqual(linesOf("here.db"));
			const since = { index: place(`${stateOf(indexBase(place("here.db")))}.keys`) };
			await say("here.db", after);
			const { manifest } = await make("here.db", "two", since);
			const changed = await apply("two", "there.db");
			expect(linesOf("there.db")).toEqual(linesOf("here.db"));
			expect(changed).toEqual(manifest.feeds.filter((feed) => feed.before !== feed.digest).map(({ name }) => name));
			expect(await apply("two", "there.db")).toEqual([]);
		}),
		{ numRuns: 8 },
	);
});

describe("what is not taken in", () => {
	it("a change of any byte", async () => {
		await say("here.db", [{ id: 1, fixed: 1 }]);
		await make("here.db", "good");
		const good = readFileSync(place("good"));
		const trust = new Map([[key.id, key.publicKey]]);
		const head = parseHead(good);
		if (typeof head === "string") throw new Error(head);
		// Each byte of the head is looked at in no time; of the payload some do.
		for (let at = 0; at < good.length; at += at < head.bytes ? 1 : 41) {
			const bad = Buffer.from(good);
			bad[at] = (bad[at] ?? 0) ^ 0x21;
			const spoilt = parseHead(bad);
			const isSigned = typeof spoilt !== "string" && checkSignature(spoilt, trust) === "good";
			// The last letters of base64 have bits that say nothing.
			const isIdle = at >= head.signed.length + 85 && at < head.bytes;
			expect(isSigned && !isIdle).toBe(at >= head.bytes);
			if (at < head.bytes) continue;
			writeFileSync(place("bad"), bad);
			await expect(apply("bad", "there.db")).rejects.toThrow(/is not what was signed/);
		}
		writeFileSync(place("bad"), good.subarray(0, good.length - 1));
		await expect(apply("bad", "there.db")).rejects.toThrow(/cut off/);
		expect(existsSync(place("there.db"))).toBe(false);
	});

	it("one that is not signed, by somebody else, or whose words were exchanged", async () => {
		await say("here.db", [{ id: 1, fixed: 1 }]);
		await make("here.db", "good");
		const head = readHead(place("good"));
		if (typeof head === "string") throw new Error(head);
		const trust = new Map([[key.id, key.publicKey]]);
		expect(checkSignature(head, trust)).toBe("good");
		expect(checkSignature(head, new Map())).toBe("key-not-trusted");
		expect(checkSignature({ ...head, signature: Buffer.alloc(0) }, trust)).toBe("unsigned");
		expect(checkSignature({ ...head, signature: Buffer.alloc(64) }, trust)).toBe("wrong");
		const other = makeKeyPair();
		// Somebody who gives his own key the id of a trusted one.
		expect(checkSignature(head, new Map([[key.id, other.publicKey]]))).toBe("wrong");
		const text = head.signed.toString().replace("office", "offise");
		expect(checkSignature({ ...head, signed: Buffer.from(text) }, trust)).toBe("wrong");
	});

	it("one that is another by the time it is read, after it was verified", async () => {
		for (const [fixed, name] of [1, 2].entries()) await say(`${name}.db`, [{ id: 1, fixed }]);
		await make("1.db", "good");
		await make("2.db", "other");
		const [good, other] = [readHead(place("good")), readHead(place("other"))];
		if (typeof good === "string" || typeof other === "string") throw new Error("no bundle");
		const payload = readFileSync(place("other")).subarray(other.bytes);
		writeFileSync(place("swapped"), Buffer.concat([readFileSync(place("good")).subarray(0, good.bytes), payload]));
		let reads = 0;
		const work = {
			...{ hash: good.hash, trusted, current: place("there.db"), next: place("next.db"), now: 2_000 },
			get path() {
				return place(++reads <= 2 ? "good" : "swapped");
			},
		};
		await expect(applyBundle(work, () => {})).rejects.toThrow(/exchanged while it was taken in/);
		expect(reads).toBe(3);
	});

	it("one that goes on from what is not held", async () => {
		await say("here.db", [{ id: 1, fixed: 1 }]);
		const since = { base: place("before.db") };
		await say("before.db", [{ id: 2, fixed: 1 }]);
		await make("here.db", "two", since);
		await expect(apply("two", "there.db")).rejects.toThrow(/is not what it goes on from/);
		await say("there.db", [{ id: 3, fixed: 3 }]);
		await expect(apply("two", "there.db")).rejects.toThrow(/is not what it goes on from/);
	});
});

describe("where others may write", () => {
	const names = () => readdirSync(folder).filter((name) => name.startsWith("bundle"));
	beforeEach(async () => {
		await say("here.db", [{ id: 1, fixed: 1 }]);
		writeFileSync(place("mine"), "precious");
	});

	it.each(["", ".part", ".packed"])("does not write through a link at its name%s", async (ending) => {
		symlinkSync(place("mine"), place(`bundle${ending}`));
		await expect(create("here.db", "bundle")).rejects.toMatchObject({ code: "conflict" });
		expect(readFileSync(place("mine"), "utf8")).toBe("precious");
		expect(names()).toEqual([`bundle${ending}`]);
	});

	it.each(["", ".part", ".packed"])("neither replaces nor deletes a file at its name%s", async (ending) => {
		renameSync(place("mine"), place(`bundle${ending}`));
		await expect(create("here.db", "bundle")).rejects.toMatchObject({ code: "conflict" });
		expect(readFileSync(place(`bundle${ending}`), "utf8")).toBe("precious");
		expect(names()).toEqual([`bundle${ending}`]);
	});

	it("nor makes what a link leads to that leads nowhere; and leaves nothing else behind", async () => {
		symlinkSync(place("nowhere"), place("bundle"));
		await expect(create("here.db", "bundle")).rejects.toMatchObject({ code: "conflict" });
		expect(existsSync(place("nowhere"))).toBe(false);
		rmSync(place("bundle"));
		const { bytes } = await create("here.db", "bundle");
		expect(statSync(place("bundle"))).toMatchObject({ size: bytes, nlink: 1, mode: 0o100600 });
		expect(names()).toEqual(["bundle"]);
	});
});

it("a FIFO is no bundle, and is not waited for", () => {
	execFileSync("mkfifo", [place("fifo")]);
	expect(readHead(place("fifo"))).toBe("no-bundle");
});

it("reads any bytes as a head without ado", () => {
	const start = fc.constantFrom("", "vedette-bundle 1\n", "vedette-bundle 2\n", "vedette-bundle 1\n{}\n\n");
	fc.assert(
		fc.property(start, fc.uint8Array({ maxLength: 300 }), (begin, rest) => {
			const head = parseHead(Buffer.concat([Buffer.from(begin), rest]));
			expect(["no-bundle", "newer", "damaged"]).toContain(head);
		}),
	);
});

it("knows keys by their line", () => {
	expect(parseKeyLine(keyLine(pair.publicKey, "the office"))).toEqual({
		publicKey: pair.publicKey,
		name: "the office",
	});
	expect(parseKeyLine(`vedette-key ${pair.publicKey}`)?.name).toBe(key.id);
	fc.assert(
		fc.property(fc.string(), (text) => {
			expect(parseKeyLine(text)).toBeNull();
			expect(parseKeyLine(`vedette-key ${text}`)).toBeNull();
		}),
	);
});

it("keeps an index as it is, and takes keys out as often as they are there", () => {
	const keys = sorted([5n, 1n, 5n, 2n ** 64n - 1n]);
	writeIndex(place("index"), [
		{ name: "a", digest: "x", keys },
		{ name: "none", digest: "y", keys: sorted([]) },
	]);
	expect(readIndex(place("index"))).toEqual([
		{ name: "a", digest: "x", keys },
		{ name: "none", digest: "y", keys: sorted([]) },
	]);
	const bag = new KeyBag(keys);
	expect([5n, 5n, 5n, 2n, 1n].map((one) => bag.take(one))).toEqual([true, true, false, false, true]);
	expect([...bag.left()]).toEqual([2n ** 64n - 1n]);
	writeFileSync(place("index"), readFileSync(place("index")).subarray(0, 60));
	expect(() => readIndex(place("index"))).toThrow();
});
