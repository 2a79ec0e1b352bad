import { expect, test } from "vitest";
import { Hub } from "./hub.ts";

test("a listener that throws is nobody else's trouble", () => {
	const faults: unknown[] = [];
	const hub = new Hub((err) => faults.push(err));
	const heard: string[] = [];
	const stop = hub.listen(() => {
		throw new Error("broken");
	});
	hub.listen((bulletin) => heard.push(bulletin.kind));
	hub.post({ kind: "findings-changed" });
	expect(heard).toEqual(["findings-changed"]);
	expect(faults).toHaveLength(1);
	stop();
	stop();
	expect(hub.listeners).toBe(1);
});
