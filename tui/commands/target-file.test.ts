/** Lists of targets as files hold them: any bytes at all are read or refused with the line that is wrong. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { rangeText, readItem } from "../../protocol/target/item.ts";
import { readTargetFile } from "./target-file.ts";

/** Chunks of every size, so that lines, marks and line ends are cut in two. */
async function* chunks(bytes: Buffer, size = bytes.length || 1): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const read = (text: string | Buffer, size?: number) => readTargetFile("hosts.txt", chunks(Buffer.from(text), size));
const failing = (text: string | Buffer, size?: number) =>
	read(text, size).then(
		() => null,
		(err: unknown) => err as AppError,
	);

test.each([1, 2, 3, 7, 1_000])("all line ends, marks, comments and forms, in chunks of %i bytes", async (size) => {
	const text =
		"\ufeff10.0.0.1\r\n10.0.0.2 # two\r\r\n# nothing\n10.0.0.0/29\n10.0.0.1\n2001:db8::1-2001:db8::4, www.example\nWWW.example.\ngroup:Web servers\n10.1.0.1 - 10.1.0.3";
	const file = await read(text, size);
	expect(file).toMatchObject({
		...{ title: "hosts.txt", lines: 10, listed: 18, names: ["www.example"], groups: ['group:"Web servers"'] },
	});
	expect(Array.from(file.addresses.blocks(), rangeText)).toEqual([
		"10.0.0.0/29",
		"10.1.0.1-10.1.0.3",
		"2001:db8::1-2001:db8::4",
	]);
});

test("one wrong line is named by its number, several in a list, of many the first ten", async () => {
	expect((await failing("10.0.0.1\n10.0.0.2\n\n\n\n\n10.0.0.300\n"))?.message).toBe(
		'hosts.txt line 7: "10.0.0.300" is not an IPv4 address, block or range.',
	);
	const two = await failing("10.0.0.1/33\nok.example\n10.0.0.9-10.0.0.1");
	expect(two?.message.split("\n")).toEqual([
		"2 lines of hosts.txt are wrong:",
		expect.stringMatching(/^ {2}line 1: .*prefix length/),
		expect.stringMatching(/^ {2}line 3: .*runs backwards/),
	]);
	const many = await failing("999.1.1.1\n".repeat(1_000));
	expect(many?.message.split("\n")).toHaveLength(11);
	expect(many?.details).toEqual({ lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
});

test.each([
	["", "is empty"],
	["\ufeff", "is empty"],
	["# a\n\n  \n", "only blank lines and comments"],
	["a;b;c\n", "This looks like a table"],
	['1.2.3.4,"web 01",x,y\n', "This looks like a table"],
	["list:7\n", "no target of a file"],
	[Buffer.from("10.0.0.1\n", "utf16le"), "UTF-16"],
	[Buffer.from("\ufeff10.0.0.1\n", "utf16le"), "UTF-16"],
	[Buffer.from([0xfe, 0xff, 0, 0x31]), "UTF-16"],
	[Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0]), "no text of lines"],
	["010.0.0.1", "not an IPv4"],
	["1.2.3", "not an IPv4"],
	["1.2.3.4.5", "not an IPv4"],
])("refuses %j", async (text, reason) => {
	for (const size of [1, 5, 100_000]) {
		const err = await failing(text, size);
		expect(err).toBeInstanceOf(AppError);
		expect(`${err?.message} ${err?.hint}`).toContain(reason);
	}
});

test("a line beyond all measure is no target", async () => {
	expect((await failing("1".repeat(70_000), 10_000))?.message).toContain("no text of lines");
});

test("the quick way with plain addresses reads as the careful one does", async () => {
	const part = fc.oneof(fc.nat(260).map(String), fc.constantFrom("", "00", "01", "1000", "-1", "a"));
	await fc.assert(
		fc.asyncProperty(fc.array(part, { minLength: 3, maxLength: 5 }), async (parts) => {
			const text = parts.join(".");
			const careful = (() => {
				try {
					const item = readItem(text.trim());
					return item.kind === "range" ? rangeText(item.range) : null;
				} catch {
					return null;
				}
			})();
			const file = await read(text).catch(() => null);
			expect(file === null ? null : (Array.from(file.addresses.blocks(), rangeText)[0] ?? null)).toBe(careful);
		}),
		{ numRuns: 3_000 },
	);
});

test("any bytes, cut anywhere: read or refused, the same way", async () => {
	const line = fc.oneof(
		fc.ipV4(),
		fc.ipV6(),
		fc.domain(),
		fc.string({ maxLength: 20 }),
		fc.constantFrom("#", "\r", "\0", "@"),
	);
	const text = fc.oneof(
		fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
		fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(lines.join("\n"))),
	);
	await fc.assert(
		fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
			const outcome = (run: Promise<unknown>) =>
				run.then(
					(file) => ({ file }),
					(err: unknown) => {
						expect(err).toBeInstanceOf(AppError);
						return { message: (err as AppError).message };
					},
				);
			expect(await outcome(read(bytes, size))).toEqual(await outcome(read(bytes)));
		}),
		{ numRuns: 5_000 },
	);
});

/** Ten million lines: a /16 sixty times over, a range and a block that overlap, and other addresses in between. */
async function* tenMillionLines(): AsyncGenerator<Uint8Array> {
	yield Buffer.from("10.0.0.0/17\n10.0.64.0-10.0.191.255\n");
	const lines: string[] = [];
	for (let n = 0; n < 1 << 16; n++) lines.push(`10.0.${n >> 8}.${n & 255}\n`);
	const whole = Buffer.from(lines.join(""));
	for (let turn = 0; turn < 152; turn++) yield whole;
	const rest = 10_000_000 - 2 - 152 * (1 << 16);
	yield Buffer.from(Array.from({ length: rest }, (_, n) => `172.16.${n >> 8}.${n & 255}\n`).join(""));
}

test("ten million lines come to what they say, each address once", async () => {
	const file = await readTargetFile("hosts.txt", tenMillionLines());
	expect(file).toMatchObject({ lines: 10_000_000, names: [], groups: [] });
	expect(Array.from(file.addresses.blocks(), rangeText)).toEqual(["10.0.0.0/16", "172.16.0.0-172.16.150.125"]);
}, 120_000);
