/** What a hidden line makes of keys, and secrets that come through a pipe. */
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { askHidden, HiddenLine, StandardInput } from "./hidden-prompt.ts";

function typed(...bursts: string[]): [string, string] {
	const line = new HiddenLine();
	let outcome = "more";
	for (const burst of bursts) if (outcome === "more") outcome = line.type(burst);
	return [outcome, line.text];
}

test("what is typed is taken as it is, however it arrives", () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: "grapheme" }).filter((text) => !/[\p{Cc}]/u.test(text))), (bursts) => {
			fc.pre([...bursts.join("")].length <= 1_024);
			expect(typed(...bursts, "\r")).toEqual(["entered", bursts.join("")]);
		}),
	);
});

test("keys that mend, end and give up", () => {
	expect(typed("ab\u007fc\r")).toEqual(["entered", "ac"]);
	expect(typed("wrong\u0015right\n")).toEqual(["entered", "right"]);
	expect(typed("a😀\u007fb\r")).toEqual(["entered", "ab"]);
	expect(typed("\u001b[200~pasted\u001b[201~\r")).toEqual(["entered", "pasted"]);
	expect(typed("a\u001b[Db\u001bOH\r")).toEqual(["entered", "ab"]);
	expect(typed("first\rsecond")).toEqual(["entered", "first"]);
	expect(typed("a\u0003")[0]).toBe("cancelled");
	expect(typed("a\u0004")[0]).toBe("cancelled");
	expect(typed("x".repeat(5_000), "\r")[1]).toHaveLength(1_024);
});

const piped = (text: string) => {
	const stdin = new PassThrough() as unknown as NodeJS.ReadStream;
	(stdin as unknown as PassThrough).end(text);
	return { stdin };
};

test("each line of a pipe is a secret, whatever ends it", async () => {
	const pipe = new StandardInput(piped("one \r\ntwo\n"));
	expect([await pipe.line("password"), await pipe.line("passphrase")]).toEqual(["one ", "two"]);
	await expect(pipe.line("password for sudo")).rejects.toThrow(/no password for sudo/);
	await expect(new StandardInput(piped("")).line("password")).rejects.toThrow(/no password/);
	await expect(new StandardInput(piped("x".repeat(80_000))).line("password")).rejects.toThrow(/too long/);
});

test("without a terminal nothing is asked", () => {
	const written: string[] = [];
	const stderr = { write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
	expect(() => askHidden({ ...piped("s3cret\n"), stderr }, "Password")).toThrow(/no terminal/);
	expect(written).toEqual([]);
});
