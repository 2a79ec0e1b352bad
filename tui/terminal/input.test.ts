import { EventEmitter } from "node:events";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { TokenInput } from "./input.ts";
import { cutTokens } from "./tokens.ts";

class Source extends EventEmitter {
	setEncoding(): void {}
	resume(): void {}
	pause(): void {}
}

function open(escapeMs = 25) {
	const source = new Source();
	const input = new TokenInput(source as never, escapeMs);
	const seen: string[] = [];
	input.on("readable", () => {
		for (let text = input.read(); text !== null; text = input.read()) seen.push(text);
	});
	for (const kind of ["mouse", "focus", "reply"])
		input.on(kind, (text: string) => seen.push(`${kind} ${JSON.stringify(text)}`));
	input.open();
	return { send: (chunk: string) => source.emit("data", chunk), seen, input };
}

test("one chunk of everything comes out as one token each", () => {
	const { send, seen } = open();
	send(
		"jjj\r\u001b[A\u0004é漢\t\u001b[200~two\rlines\u001b[201~\u001b[<65;10;15M\u001b[I\u001b[?1;2c\u001b]11;rgb:0000/0000/0000\u0007\u001bOBq",
	);
	expect(seen).toEqual([
		"j",
		"j",
		"j",
		"\r",
		"\u001b[A",
		"\u0004",
		"é",
		"漢",
		"\t",
		"\u001b[200~two\rlines\u001b[201~",
		'mouse "\\u001b[<65;10;15M"',
		'focus "\\u001b[I"',
		'reply "\\u001b[?1;2c"',
		'reply "\\u001b]11;rgb:0000/0000/0000\\u0007"',
		"\u001bOB",
		"q",
	]);
});

test("a sequence that arrives in pieces stays one key; a lone escape is decided after its time", () => {
	vi.useFakeTimers();
	const { send, seen } = open();
	send("\u001b[");
	vi.advanceTimersByTime(60);
	send("B");
	expect(seen).toEqual(["\u001b[B"]);
	send("\u001b");
	vi.advanceTimersByTime(24);
	expect(seen).toHaveLength(1);
	vi.advanceTimersByTime(1);
	expect(seen).toEqual(["\u001b[B", "\u001b[27u"]);
	send("\u001b[1;");
	vi.advanceTimersByTime(100);
	send("x");
	expect(seen.at(-1)).toBe("x");
	vi.useRealTimers();
});

test("however the bytes are cut into chunks, the tokens are the same", () => {
	const piece = fc.constantFrom(
		"j",
		"漢",
		"\u001b[A",
		"\u001bOP",
		"\u001b[1;5C",
		"\u001b[200~pa\u001bste\u001b[201~",
		"\u001b[<0;1;1M",
		"\u001b]0;x\u001b\\",
		"\u001b[I",
		"\u001ba",
		"\u001b[M !!",
		"\u001b[O",
		"\u001b[0n",
		"\u001bP1$r0m\u001b\\",
		"\u001b]11;rgb:0000/0000/0000\u0007",
		"\u001b[200~j\u001b[A\u001b[201~",
		"e\u0301",
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(80), { maxLength: 8 }), (pieces, cuts) => {
			const text = pieces.join("");
			const whole = cutTokens(text).tokens;
			const found: unknown[] = [];
			let rest = "";
			let from = 0;
			for (const cut of [...cuts.map((at) => at % (text.length + 1)).sort((one, other) => one - other), text.length]) {
				const result = cutTokens(rest + text.slice(from, cut));
				found.push(...result.tokens);
				rest = result.rest;
				from = cut;
			}
			expect(rest).toBe("");
			expect(found).toEqual(whole);
		}),
	);
});

test("no bytes make it throw or stand still", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			const { tokens, rest } = cutTokens(text);
			expect(tokens.map((token) => token.text).join("").length + rest.length).toBeLessThanOrEqual(text.length);
		}),
		{ numRuns: 3_000 },
	);
});

test("keys that were typed before anybody listened are read by whoever comes", async () => {
	const source = new EventEmitter() as EventEmitter & { setEncoding(): void; resume(): void; pause(): void };
	Object.assign(source, { setEncoding: () => undefined, resume: () => undefined, pause: () => undefined });
	const input = new TokenInput(source, 25);
	input.open();
	source.emit("data", "3j");
	const read: (string | null)[] = [];
	await new Promise<void>((resolve) => {
		input.on("readable", () => {
			for (let key = input.read(); key !== null; key = input.read()) read.push(key);
			resolve();
		});
	});
	expect(read).toEqual(["3", "j"]);
	input.close();
});
