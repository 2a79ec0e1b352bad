import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSeamed } from "./seamed-reports.ts";

type Told = readonly [plugin: number, port: number, output: string];

const records = (reports: readonly Told[]) =>
	[...Map.groupBy(reports, ([, port]) => port)].map(([port, at]) => ({
		...{ port, protocol: "tcp" as const },
		data: {
			host: null,
			reports: at.map(([plugin, , output]) => ({
				...{ plugin, name: "", output, severity: 3, byVersion: false, credentialed: false, portRange: null, seenAt: 1 },
			})),
		},
	}));
const ask = (told: readonly Told[], held: readonly Told[]) => isSeamed(records(told), records(held), () => false);

const first: Told = [1, 80, "The server says that it is an Apache of long ago."];
const second: Told = [2, 443, "The certificate of this server has ended in May."];
const third: Told = [3, 443, "The server takes ciphers that nobody should take."];

describe("reports that begin as one and end as another", () => {
	test("are seamed when the other is missing", () => {
		expect(ask([[1, 80, "The server says that server has ended in May."], third], [first, second, third])).toBe(true);
		// Not held before: it may have come with the damaged file.
		expect(ask([first, [9, 80, "Something new of this server has ended in May."]], [first, second])).toBe(true);
	});

	test("are not when the other is there, or nothing is missing, or what is missing is only over", () => {
		expect(ask([[1, 80, "The server says that server has ended in May."], second], [first, second])).toBe(false);
		expect(ask([first, third], [first, second, third])).toBe(false);
		expect(ask([[1, 80, "The server says that it is a newer Apache."]], [first, second])).toBe(false);
		expect(ask([], [first, second])).toBe(false);
		expect(ask([first], [])).toBe(false);
	});

	test("that many have in common are compared whole", () => {
		const end = "\n\nThe fields above are: name, key, code.";
		const [one, other]: [Told, Told] = [
			[4, 25, `RC4-MD5, DES-CBC, NULL-SHA${end}`],
			[5, 25, `EXP-RC2-CBC, EXP-DES, ADH-RC4${end}`],
		];
		expect(ask([[4, 25, `RC4-MD5, DES-CDES, ADH-RC4${end}`]], [one, other])).toBe(true);
		expect(ask([[4, 25, `RC4-MD5, NULL-SHA, AES${end}`]], [one, other])).toBe(false);
	});

	test("that many have in common say nothing of a plugin that is new", () => {
		const end = "\n\nThe fields above are: name, key, code.";
		const [weak, old, all, fresh]: [Told, Told, Told, Told] = [
			[4, 443, `RC4-MD5${end}`],
			[5, 443, `EXP-RC2-CBC${end}`],
			[6, 443, `AES, RC4-MD5, EXP-RC2-CBC${end}`],
			[7, 443, `AES is not what is recommended${end}`],
		];
		expect(ask([all, fresh], [weak, old, all])).toBe(false);
		expect(ask([fresh], [weak])).toBe(true);
	});

	test("a service that moved to another port is no seam", () => {
		expect(ask([first, [2, 8443, second[2]]], [first, second])).toBe(false);
	});

	test("whatever is cut out from one output into another is seen, but for the last few characters", () => {
		const text = fc.string({ minLength: 60, maxLength: 200 }).map((body) => `${body}|`);
		fc.assert(
			fc.property(fc.uniqueArray(text, { minLength: 3, maxLength: 8 }), fc.nat(), fc.nat(), (texts, a, b) => {
				const held = texts.map((output, index): Told => [index + 1, 443, `${output}${index} is what was found here`]);
				const from = a % (held.length - 1);
				const to = from + 1 + (b % (held.length - 1 - from));
				const [one, other] = [held[from]?.[2] ?? "", held[to]?.[2] ?? ""];
				const joined = one.slice(0, a % one.length) + other.slice(b % (other.length - 24));
				const told = held.flatMap((report, index): Told[] => {
					if (index < from || index > to) return [report];
					return index === from ? [[from + 1, 443, joined]] : [];
				});
				expect(ask(told, held)).toBe(true);
			}),
		);
	});
});
