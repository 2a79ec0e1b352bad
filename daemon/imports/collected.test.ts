import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collectors } from "../collect/index.ts";
import { isInsideKind } from "../evidence/inside.ts";
import { collectionScript, readCollected } from "./collected.ts";

const nonce = "0123456789abcdef0123456789abcdef";
const now = 2_000_000_000_000;
const section = (kind: string, text: string) => `\n${nonce} begin ${kind}\n${text}\n${nonce} end ${kind}\n`;
const os = "\n@@vedette os\nID=debian\nVERSION_ID=12\n\n@@vedette running\n6.1.0\n\n@@vedette now\n1700000000\n";
const dpkg = "\n@@vedette dpkg\ninstalled\topenssl\t3.0.11-1\tamd64\topenssl\t3.0.11-1\tDebian\n\n@@vedette ended\n0\n";
const whole = `${section("system", os)}${section("packages", dpkg)}\n${nonce} over\n`;
const read = (text: string) => readCollected(text, "127.0.0.1", now);

test("everything the script gathers is from inside, so that a login settles what a file said", () => {
	expect(collectors.map(({ kind }) => kind).filter((kind) => !isInsideKind(kind))).toEqual([]);
});

test("the script runs here, and what it prints is taken in", () => {
	const output = execFileSync("sh", { input: collectionScript(nonce), encoding: "utf8", maxBuffer: 64 << 20 });
	const { records, observedAt } = readCollected(output, "127.0.0.1", Date.now());
	expect(records.map(({ kind }) => kind)).toContain("system");
	expect(records.every(({ source, port }) => source === "import" && port === 0)).toBe(true);
	expect(Math.abs(observedAt - Date.now())).toBeLessThan(600_000);
});

test("a terminal's noise and the lines of another system do not matter", () => {
	for (const text of [whole, `Welcome!\r\n${whole.replaceAll("\n", "\r\n")}`, whole.trim()]) {
		const { records, complete, observedAt } = read(text);
		expect(records.map(({ kind }) => kind)).toEqual(["system", "packages"]);
		expect(complete).toContain("packages");
		expect(observedAt).toBe(1_700_000_000_000);
	}
});

test("a host whose clock is ahead was not seen in the future", () => {
	expect(read(whole.replace("1700000000", "9999999999")).observedAt).toBe(now);
});

test("what is cut or something else is refused in words", () => {
	expect(() => read("")).toThrow(/not the output of the collection script/);
	expect(() => read("installed\topenssl\n")).toThrow(/not the output/);
	expect(() => read(whole.slice(0, whole.indexOf("3.0.11")))).toThrow(/ends before the script did, within packages/);
	expect(() => read(whole.slice(0, whole.lastIndexOf("\n", whole.length - 2)))).toThrow(/ends before the script did/);
});

test("whatever a file holds, it is taken in or refused", () => {
	fc.assert(
		fc.property(fc.string(), fc.nat(whole.length), fc.nat(whole.length), (noise, from, to) => {
			const text = whole.slice(0, from) + noise + whole.slice(to);
			try {
				read(text);
			} catch (err) {
				expect(err).toMatchObject({ code: "invalid" });
			}
		}),
		{ numRuns: 2_000 },
	);
});
