import { pino } from "pino";
import { expect, test } from "vitest";
import { OpenParts } from "./open-parts.ts";

test("parts begin in the order they were opened in and close in reverse", async () => {
	const parts = new OpenParts(pino({ level: "silent" }));
	const said: string[] = [];
	const named = (name: string) => ({
		begin: () => void said.push(`begin ${name}`),
		close: () => void said.push(`close ${name}`),
	});
	expect(parts.hold(named("store"))).toHaveProperty("begin");
	parts.onClose(() => void said.push("close watcher"));
	parts.hold(named("scans"));
	parts.begin();
	await parts.close();
	expect(said).toEqual(["begin store", "begin scans", "close scans", "close watcher", "close store"]);
});

test("one that fails to close keeps no other open, and the log names it", async () => {
	const logged: string[] = [];
	const parts = new OpenParts(pino({}, { write: (line: string) => void logged.push(line) }));
	let isClosed = false;
	parts.onClose(async () => {
		await Promise.resolve();
		isClosed = true;
	});
	parts.onClose(() => {
		throw new Error("the disk is gone");
	});
	await parts.close();
	expect(isClosed).toBe(true);
	expect(logged.join("")).toContain("the disk is gone");
});
