import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions, type VersionOrder, versionKey, versionOrders } from "./version-order.ts";

/** Each list ascends; `=` stands between two that are the same. Written from the manuals of who numbers so. */
const ascending: Record<VersionOrder, readonly string[]> = {
	dpkg: [
		...["0~~", "0~~a", "0~", "0", "=", "0-0", "=", "00", "0a", "0+", "0:1", "=", "1", "1.0~rc1-1", "1.0-1~bpo12+1"],
		...["1.0-1", "1.0-1+b1", "1.0-1+deb12u1", "1.0-1+deb12u2", "1.0-1+deb12u10", "1.0+dfsg-1", "1.0.1-1"],
		...["1.9", "1.10", "=", "1.10-", "=", "1.10-0", "1.10-1", "1.10a", "1.10z", "1.10+", "1:0", "2:0", "10:0~1"],
	],
	rpm: [
		...["1.0~rc1-1", "1.0~rc2-1", "1.0-1.el9", "1.0-1.el9_2", "1.0-1.el9_2.1", "1.0-2.el9", "1.0^git1-1"],
		...[
			"1.0^git2-1",
			"1.0a-1",
			"1.0.1-1",
			"1.0.02-1",
			"=",
			"1.0.2-1",
			"=",
			"1_0_2-1",
			"1.10-1",
			"2-1",
			"1:0-1",
			"2:0-0",
		],
	],
	apk: [
		...["1_alpha", "1_alpha2", "1_beta", "1_pre", "1_rc1", "1_rc2", "1", "1-r0", "1-r1", "1-r10", "1_p1", "1_p1-r1"],
		...[
			"1a",
			"1b-r0",
			"1.0",
			"1.00",
			"1.01",
			"1.1",
			"1.1.1",
			"1.1.1a",
			"1.2",
			"1.10",
			"1.10.0",
			"2~a1b2",
			"3.2.0_rc4-r9",
			"3.2.0",
		],
	],
	semver: [
		...[
			"1.0.0-alpha",
			"1.0.0-alpha.1",
			"1.0.0-alpha.beta",
			"1.0.0-beta",
			"1.0.0-beta.2",
			"1.0.0-beta.11",
			"1.0.0-rc.1",
		],
		...["1.0.0", "=", "v1.0.0", "=", "1", "=", "1.0.0+build", "1.0.1", "1.9.0", "1.10.0", "2.0.0-0", "2.0.0"],
	],
	pypi: [
		...["1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2"],
		...[
			"1.0b2.post345.dev456",
			"1.0b2.post345",
			"1.0rc1.dev456",
			"1.0rc1",
			"=",
			"1.0-c1",
			"1.0",
			"=",
			"1",
			"=",
			"v1.0.0",
		],
		...[
			"1.0+abc.5",
			"1.0+abc.7",
			"1.0+5",
			"1.0.post456.dev34",
			"1.0.post456",
			"=",
			"1.0-456",
			"1.0.15",
			"1.1.dev1",
			"1!0",
		],
	],
};

const nonsense: Record<VersionOrder, readonly string[]> = {
	dpkg: ["", " ", "1 2", "a:1", ":1", "1:", "1\u00e9", "1\n2", "99999999999:1"],
	rpm: ["", "x:1", "1:"],
	apk: ["", "a", "1-r", "1..2", "1.2A", "1_beta_foo", "1p1", "1-r1-r2"],
	semver: ["", "x", "1.", "1.2.3-", "1..2", "latest"],
	pypi: ["", "x", "1.0-bulbasaur", "1.0+", "1..0", "2013-01-21T20:33:09+0100"],
};

/** Texts of the characters that matter to the order, near one another. */
const versionText: Record<VersionOrder, fc.Arbitrary<string>> = {
	dpkg: fc.string({ unit: fc.constantFrom(..."0019azAZ~+.-:"), minLength: 1, maxLength: 10 }),
	rpm: fc.string({ unit: fc.constantFrom(..."0019azAZ~^._-:"), minLength: 1, maxLength: 10 }),
	apk: fc.stringMatching(/^[019]{1,2}(\.[019]{1,2}){0,2}[ab]?(_(rc|p)[01]?)?(-r[01]{1,2})?$/),
	semver: fc.stringMatching(/^[019]{1,2}\.[019]\.[019](-[0a]{1,2}(\.[1b-]{1,2})?)?$/),
	pypi: fc.stringMatching(/^([01]!)?[019](\.[01]){0,2}(a[01]|rc[01]?)?(\.post[01])?(\.dev[01])?(\+[0a](\.[1b])?)?$/),
};

describe.each(versionOrders)("%s", (order) => {
	it("puts versions in the order of the manual", () => {
		const list = ascending[order];
		for (let i = 0; i + 1 < list.length; i++) {
			if (list[i] === "=" || (list[i + 1] === "=" && i + 2 >= list.length)) continue;
			const same = list[i + 1] === "=";
			const [a, b] = [list[i] ?? "", list[same ? i + 2 : i + 1] ?? ""];
			expect([a, compareVersions(order, a, b), b]).toEqual([a, same ? 0 : -1, b]);
		}
	});

	it("knows what is no version, and never throws", () => {
		for (const text of nonsense[order]) expect([text, versionKey(order, text)]).toEqual([text, null]);
		fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void versionKey(order, text)));
		expect(versionKey(order, "1".repeat(1_001))).toBeNull();
		expect(versionKey(order, "1".repeat(1_000))).not.toBeNull();
	});

	it("orders numbers of any length by their value", () => {
		const number = fc.bigInt({ min: 0n, max: 10n ** 300n });
		const sign = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
		fc.assert(fc.property(number, number, (a, b) => compareVersions(order, `${a}`, `${b}`) === sign(a, b)));
	});

	it("is an order: what is before something is before what follows it", () => {
		const text = versionText[order];
		fc.assert(
			fc.property(text, text, text, (a, b, c) => {
				const [ab, ba, bc, ac] = [
					compareVersions(order, a, b),
					compareVersions(order, b, a),
					compareVersions(order, b, c),
					compareVersions(order, a, c),
				];
				if (ab === null || bc === null || ba === null || ac === null) return;
				expect(ba).toBe(ab === 0 ? 0 : -ab);
				if (ab <= 0 && bc <= 0) expect(ac).toBe(ab === 0 && bc === 0 ? 0 : -1);
			}),
			{ numRuns: 2_000 },
		);
	});
});

/** Pairs in which another product took the older one for the newer. */
it.each([
	["dpkg", "6.12.88-1~bpo12+1", "6.12.88-1"],
	["dpkg", "6.12.88-1", "6.12.90-2~bpo12+1"],
	["dpkg", "1.11.0-1", "1.11.0-1+deb13u1"],
	["dpkg", "8.9p1-3ubuntu0.9", "8.9p1-3ubuntu0.10"],
	["dpkg", "5.15.0.96", "5.15.0.100"],
	["dpkg", "9.9-1", "1:1.0-1"],
	["rpm", "5.14.0-362.96.el9", "5.14.0-362.100.el9"],
	["rpm", "1.0~rc1-1", "1.0-1"],
	["rpm", "1.0-1", "1.0^git1-1"],
	["rpm", "9.9-1", "1:1.0-1"],
	["rpm", "2.5.9-110.module+el8.6.0+2", "2.5.9-111.module+el8.4.0+1"],
	["apk", "1.2.3_rc1-r0", "1.2.3-r0"],
	["apk", "1.2.3-r9", "1.2.3-r10"],
] as const)("%s: %s is older than %s", (order, older, newer) => {
	expect(compareVersions(order, older, newer)).toBeLessThan(0);
	expect(compareVersions(order, newer, older)).toBeGreaterThan(0);
});

describe("against the algorithms as their manuals tell them, one character after the other", () => {
	it("dpkg", () => agrees("dpkg", compareDebian));
	it("rpm", () => agrees("rpm", compareRpm));

	function agrees(order: "dpkg" | "rpm", compare: (a: string, b: string) => number): void {
		const text = versionText[order];
		let compared = 0;
		fc.assert(
			fc.property(text, text, (a, b) => {
				const ours = compareVersions(order, a, b);
				if (ours === null) return;
				compared++;
				expect([a, ours, b]).toEqual([a, Math.sign(compare(a, b)), b]);
			}),
			{ numRuns: 20_000 },
		);
		expect(compared).toBeGreaterThan(5_000);
	}
});

/** Epoch, version and release, the last two compared by `part`. */
function compareParts(a: string, b: string, part: (a: string, b: string) => number): number {
	const split = (text: string) => {
		const colon = text.indexOf(":");
		const rest = text.slice(colon + 1);
		const dash = rest.lastIndexOf("-");
		const epoch = colon < 0 ? 0 : Number(text.slice(0, colon));
		return { epoch, version: dash < 0 ? rest : rest.slice(0, dash), release: dash < 0 ? "" : rest.slice(dash + 1) };
	};
	const [left, right] = [split(a), split(b)];
	return left.epoch - right.epoch || part(left.version, right.version) || part(left.release, right.release);
}

function compareDebian(a: string, b: string): number {
	const digit = (char: string | undefined) => char !== undefined && /[0-9]/.test(char);
	const weight = (char: string | undefined) => {
		if (char === undefined || digit(char)) return 0;
		if (char === "~") return -1;
		return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
	};
	return compareParts(a, b, (left, right) => {
		let [i, j] = [0, 0];
		while (i < left.length || j < right.length) {
			while ((i < left.length && !digit(left[i])) || (j < right.length && !digit(right[j]))) {
				const difference = weight(left[i]) - weight(right[j]);
				if (difference !== 0) return difference;
				[i, j] = [i + 1, j + 1];
			}
			const [x, y] = [/^[0-9]*/.exec(left.slice(i))?.[0] ?? "", /^[0-9]*/.exec(right.slice(j))?.[0] ?? ""];
			if (BigInt(x || 0) !== BigInt(y || 0)) return BigInt(x || 0) < BigInt(y || 0) ? -1 : 1;
			[i, j] = [i + x.length, j + y.length];
		}
		return 0;
	});
}

function compareRpm(a: string, b: string): number {
	return compareParts(a, b, (left, right) => {
		let [x, y] = [left, right];
		for (;;) {
			[x, y] = [x.replace(/^[^A-Za-z0-9~^]+/, ""), y.replace(/^[^A-Za-z0-9~^]+/, "")];
			if (x.startsWith("~") || y.startsWith("~")) {
				if (!x.startsWith("~")) return 1;
				if (!y.startsWith("~")) return -1;
				[x, y] = [x.slice(1), y.slice(1)];
				continue;
			}
			if (x.startsWith("^") || y.startsWith("^")) {
				if (x === "") return -1;
				if (y === "") return 1;
				if (!x.startsWith("^")) return 1;
				if (!y.startsWith("^")) return -1;
				[x, y] = [x.slice(1), y.slice(1)];
				continue;
			}
			if (x === "" || y === "") return x.length - y.length;
			const kind = /^[0-9]/.test(x) ? /^[0-9]+/ : /^[A-Za-z]+/;
			const [s, t] = [kind.exec(x)?.[0] ?? "", kind.exec(y)?.[0] ?? ""];
			if (t === "") return /^[0-9]/.test(x) ? 1 : -1;
			if (/^[0-9]/.test(s) && BigInt(s) !== BigInt(t)) return BigInt(s) < BigInt(t) ? -1 : 1;
			if (!/^[0-9]/.test(s) && s !== t) return s < t ? -1 : 1;
			[x, y] = [x.slice(s.length), y.slice(t.length)];
		}
	});
}
