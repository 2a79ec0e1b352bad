import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openStore, type Store } from "../store/store.ts";
import { ExportJobs } from "./export-jobs.ts";
import { exported, fill, installation, sampleFindings, sampleStore } from "./sample.test-support.ts";

let folder: string;
let path: string;
let store: Store;
let jobs: ExportJobs;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-exports-"));
	path = join(folder, "store.db");
	store = openStore(path, { clock: { now: () => 1_700_000_000_000 } });
	jobs = new ExportJobs(async () => {});
});
afterEach(async () => {
	await jobs.closeAll();
	store.close();
	rmSync(folder, { recursive: true });
});

const meta = {
	...{ format: "jsonl" as const, installation, version: "1.2.3", at: 1_700_000_000_000, filter: "" },
	...{ author: "Example", namespace: "https://example.org" },
};
const reader = { signal: new AbortController().signal };
const many = Array.from({ length: 3_000 }, (_, at) => ({
	asset: (at % 200) + 1,
	signature: "redis/no-password",
	port: at + 1,
}));

test("parts asked for several at a time are the document, and the last one says so", async () => {
	fill(store.db, many, "host-");
	const { export: id, total } = await jobs.open({ path, where: null, meta }, reader);
	expect(total).toBe(many.length);
	let text = "";
	for (let part = 1, isDone = false; !isDone; part += 3) {
		const answers = await Promise.allSettled([part, part + 1, part + 2].map((n) => jobs.read(id, n, reader)));
		for (const answer of answers) {
			if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "conflict" });
			else {
				text += answer.value.text;
				isDone = answer.value.done;
				if (isDone) expect(answer.value).toMatchObject({ rows: many.length, gone: 0 });
			}
		}
	}
	expect(text.trimEnd().split("\n").length).toBe(many.length);
});

test("it is what is written in one go", async () => {
	fill(store.db, sampleFindings, "host-");
	const { export: id } = await jobs.open({ path, where: null, meta }, reader);
	const { text, done } = await jobs.read(id, 1, reader);
	expect(done).toBe(true);
	expect(text).toBe(exported(sampleStore(), "jsonl").text);
	expect(await jobs.read(id, 1, reader)).toMatchObject({ text });
	await expect(jobs.read(id, 3, reader)).rejects.toMatchObject({ code: "conflict" });
	jobs.close(id);
	await expect(jobs.read(id, 1, reader)).rejects.toMatchObject({ code: "not-found" });
});

test("what cannot be written is refused in words, and too many at once are", async () => {
	fill(store.db, [{ asset: 1, signature: "host/names", type: 3 }], "host-");
	const empty = await jobs.open({ path, where: null, meta: { ...meta, format: "openvex" } }, reader);
	await expect(jobs.read(empty.export, 1, reader)).rejects.toThrow("nothing to state");
	for (let n = 0; n < 4; n++) await jobs.open({ path, where: null, meta }, reader);
	await expect(jobs.open({ path, where: null, meta }, reader)).rejects.toMatchObject({ code: "busy" });
});

test("one whose opening nobody waits for any more is closed", async () => {
	fill(store.db, many, "host-");
	for (let n = 0; n < 6; n++) {
		const gone = new AbortController();
		const opening = jobs.open({ path, where: null, meta }, { signal: gone.signal });
		gone.abort();
		await expect(opening).rejects.toThrow();
	}
	expect(await jobs.open({ path, where: null, meta }, reader)).toMatchObject({ total: many.length });
});

test("one whose reader is gone may be read on for two minutes, and is closed then", async () => {
	fill(store.db, many, "host-");
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	const connection = new AbortController();
	const own = { ...reader, ended: connection.signal };
	const { export: id } = await jobs.open({ path, where: null, meta }, own);
	const first = await jobs.read(id, 1, own);
	connection.abort();
	vi.advanceTimersByTime(119_000);
	expect(await jobs.read(id, 1, reader)).toEqual(first);
	vi.advanceTimersByTime(50 * 60_000);
	const again = new AbortController();
	await jobs.read(id, 2, { ...reader, ended: again.signal });
	again.abort();
	vi.advanceTimersByTime(121_000);
	await expect(jobs.read(id, 3, reader)).rejects.toMatchObject({ code: "not-found" });
	vi.useRealTimers();
});

test("one whose reader is gone makes way for another at once", async () => {
	fill(store.db, many, "host-");
	const connection = new AbortController();
	const left = await jobs.open({ path, where: null, meta }, { ...reader, ended: connection.signal });
	for (let n = 0; n < 3; n++) await jobs.open({ path, where: null, meta }, reader);
	await expect(jobs.open({ path, where: null, meta }, reader)).rejects.toMatchObject({ code: "busy" });
	connection.abort();
	expect(await jobs.open({ path, where: null, meta }, reader)).toMatchObject({ total: many.length });
	await expect(jobs.read(left.export, 1, reader)).rejects.toMatchObject({ code: "not-found" });
	await expect(jobs.open({ path, where: null, meta }, reader)).rejects.toMatchObject({ code: "busy" });
});
