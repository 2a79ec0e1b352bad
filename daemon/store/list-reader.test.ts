import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { ingestHost } from "../assess/ingest.ts";
import { checkOf, coverageOf, knowledgeOf, portOf, redisRecord, signatureOf } from "../assess/testdata/hosts.ts";
import { compileFilter } from "../query/compile.ts";
import { assetFields, findingFields, findingScope } from "./fields.ts";
import { narrowFindings } from "./finding-narrow.ts";
import { ListReader } from "./list-reader.ts";
import { scoped } from "./query-lists.ts";
import { read } from "./read-job.ts";
import { openStore, type Store } from "./store.ts";

const knowledge = knowledgeOf([
	checkOf(
		signatureOf("redis/open", "redis", 4),
		(record) => record.kind === "redis",
		() => "open",
	),
]);
const never = new AbortController().signal;
const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

function openBoth(): { store: Store; reader: ListReader } {
	const folder = mkdtempSync(join(tmpdir(), "vedette-reader-"));
	closers.push(() => rmSync(folder, { recursive: true }));
	const store = openStore(join(folder, "store.db"), { clock: { now: () => 1_000 } });
	closers.push(() => store.close());
	const reader = new ListReader(store);
	closers.push(() => reader.close());
	return { store, reader };
}

function ingest(store: Store, address: string): void {
	ingestHost(store, knowledge, {
		...{ scan: null, hostname: null, startedAt: 0, finishedAt: 1_000, records: [redisRecord(address, 1_000)] },
		coverage: coverageOf(address, [portOf(6379, "answered", ["redis"])]),
	});
}

test("a list read beside the daemon is the list, at once after each write", async () => {
	const { store, reader } = openBoth();
	const page = { where: null, sort: null, limit: 2, cursor: null } as const;
	for (let n = 1; n <= 4; n++) {
		ingest(store, `127.0.0.${n}`);
		for (const list of ["assets", "findings"] as const) {
			const beside = await reader.page(list, { ...page, counted: false }, never);
			expect(beside).toEqual(read(store.db, { kind: "page", list, query: page }));
			expect(await reader.count(list, null, never)).toBe(n);
		}
	}
	const { where } = compileFilter("name:127.0.0.*", assetFields, { now: 0 });
	const quick = await reader.page("assets", { ...page, where, counted: false }, never);
	expect(quick).toMatchObject({ total: 3, atLeast: true });
	expect(await reader.count("assets", where, never)).toBe(4);
	const whole = await reader.page("assets", { ...page, where, counted: false, limit: 10 }, never);
	expect(whole.total).toBe(4);
	expect(whole.atLeast).toBeUndefined();
	const open = compileFilter("severity>=4", findingFields, { now: 0 });
	expect((await reader.page("findings", { ...page, where: open.where }, never)).total).toBe(4);
	const timely = compileFilter("not ticket.overdue:true", findingFields, { now: 0 });
	expect((await reader.page("findings", { ...page, where: timely.where }, never)).total).toBe(4);
	const wrong = reader.page("assets", { ...page, sort: [{ field: "nothing", descending: false }] }, never);
	await expect(wrong).rejects.toThrow(AppError);
	await expect(wrong).rejects.toMatchObject({ code: "invalid" });
});

test("what columns tell goes from thread to thread, and is as of the moment it is read", async () => {
	const { store, reader } = openBoth();
	const { plan, where: asked, named } = compileFilter("port:6379 and signature:redis/open", findingFields, { now: 0 });
	const scope = findingScope(named);
	const narrow = narrowFindings(plan, scope);
	const where = scoped(asked, scope);
	const sort = [{ field: "firstFound", descending: true }];
	for (let n = 1; n <= 3; n++) {
		ingest(store, `127.0.0.${n}`);
		const query = { where, narrow, sort, limit: 1, cursor: null, counted: false };
		const page = await reader.page("findings", query, never);
		expect(page).toMatchObject({ total: n, items: [{ address: `127.0.0.${n}` }] });
		expect(page.atLeast).toBeUndefined();
		expect(await reader.count("findings", where, never, narrow)).toBe(n);
	}
});

test("nobody waits for what was given up, and for nothing once it is closed", async () => {
	const { store, reader } = openBoth();
	const slow = {
		sql: "(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000000) SELECT max(n) FROM c) > 0",
		params: [],
	};
	ingest(store, "127.0.0.1");
	const abort = new AbortController();
	const given = reader.count("assets", slow, abort.signal);
	const behind = reader.count("findings", null, never);
	abort.abort(new AppError("cancelled", "given up"));
	await expect(given).rejects.toMatchObject({ code: "cancelled" });
	expect(await behind).toBe(1);
	const open = reader.page("assets", { where: slow, sort: null, limit: 1, cursor: null, counted: false }, never);
	await Promise.all([expect(open).rejects.toMatchObject({ code: "unavailable" }), reader.close()]);
	await expect(reader.count("assets", null, never)).rejects.toMatchObject({ code: "unavailable" });
});
