/** The script as sh runs it, in a folder that stands for /etc. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readTracking, type TrackingWish, trackingScript } from "./tracking.ts";

const nonce = "0123456789abcdef0123456789abcdef";
const id = "3b241101-e2bb-4255-8caf-4136c566a962";
const theirs = "9c5b94b1-35ad-49bb-b118-8e8fc24abf80";
let folder: string;
let places: { own: string; other: string };
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-tracking-"));
	places = { own: join(folder, "vedette/hostid"), other: join(folder, "qualys/hostid") };
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(own = id, wish: TrackingWish = "write") {
	const { stdout } = spawnSync("sh", ["-s"], { input: trackingScript(nonce, wish, places, own), encoding: "utf8" });
	return readTracking(stdout, nonce);
}

it("writes the id once, and reads it from then on", () => {
	expect(run()).toEqual({ id, place: places.own, state: "written", why: null });
	expect(readFileSync(places.own, "utf8")).toBe(`${id}\n`);
	expect(run(theirs)).toEqual({ id, place: places.own, state: "read", why: null });
	expect(readFileSync(places.own, "utf8")).toBe(`${id}\n`);
});

it("reads another product's id and leaves it as it is", () => {
	mkdirSync(join(folder, "qualys"));
	writeFileSync(places.other, theirs.toUpperCase());
	expect(run()).toEqual({ id: theirs, place: places.other, state: "read", why: null });
	expect(readFileSync(places.other, "utf8")).toBe(theirs.toUpperCase());
	expect(() => readFileSync(places.own)).toThrow(/ENOENT/);
});

it("says why it could not be written, and what is no id", () => {
	writeFileSync(join(folder, "vedette"), "in the way");
	expect(run()).toMatchObject({ id: null, state: "failed", why: expect.stringMatching(/vedette/) });
	rmSync(join(folder, "vedette"));
	mkdirSync(join(folder, "vedette"));
	writeFileSync(places.own, "$(reboot)");
	expect(run()).toMatchObject({ id: null, state: "failed", why: expect.stringContaining("no host id") });
});

it("writes nothing when it is only to be read", () => {
	const none = { id: null, place: null, state: "none", why: null };
	expect(run(id, "read")).toEqual(none);
	expect(existsSync(join(folder, "vedette"))).toBe(false);
	run();
	expect(run(theirs, "read")).toEqual({ id, place: places.own, state: "read", why: null });
});

it("removes its own file and its folder, and nobody else's", () => {
	mkdirSync(join(folder, "qualys"));
	writeFileSync(places.other, theirs);
	expect(run(id, "remove")).toMatchObject({ id: null, state: "none" });
	mkdirSync(join(folder, "vedette"));
	writeFileSync(places.own, `${id}\n`);
	writeFileSync(join(folder, "vedette/other"), "");
	expect(run(id, "remove")).toMatchObject({ id, state: "removed" });
	expect([existsSync(places.own), existsSync(join(folder, "vedette/other")), existsSync(places.other)]).toEqual([
		false,
		true,
		true,
	]);
	rmSync(join(folder, "vedette/other"));
	writeFileSync(places.own, "anything");
	expect(run(id, "remove")).toMatchObject({ id: null, state: "removed" });
	expect(existsSync(join(folder, "vedette"))).toBe(false);
});

it("takes any text", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(readTracking(`\n${nonce} tracking ${text}`, nonce).id).toBeNull();
		}),
	);
});
