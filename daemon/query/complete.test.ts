import fc from "fast-check";
import { expect, test } from "vitest";
import { completeFilter } from "./complete.ts";
import type { FieldCatalogue } from "./fields.ts";

const port = { kind: "int", sql: "p.port" } as const;
const catalogue: FieldCatalogue = {
	fields: {
		name: { kind: "text", sql: "h.name" },
		os: { kind: "text", sql: "h.os" },
		status: { kind: "enum", sql: "h.status", values: { NEW: 1, NOTICED: 2, FIXED: 3 } },
		severity: { kind: "severity", sql: "h.severity" },
		lastScan: { kind: "date", sql: "h.last_scan" },
		openPorts: {
			exists: {
				...{ tables: "port p", on: "p.host = h.id", default: "port" },
				fields: { port, protocol: { kind: "enum", sql: "p.protocol", values: { tcp: 6, udp: 17 } } },
			},
		},
	},
	bare: ["name"],
};
const stored = ({ sql }: { sql: string }) => (sql === "h.os" ? ["Debian 12", "debian-like"] : []);
const offered = (text: string, at = text.length) => {
	const { items, from, to } = completeFilter(text, at, catalogue, stored);
	return { replaced: text.slice(from, to), items: items.map((item) => item.text) };
};

test.each<[string, string, string[]]>([
	["", "", ["name", "os", "status", "severity", "lastScan", "openPorts", "not"]],
	["s", "s", ["status", "severity", "os", "lastScan", "openPorts", "openPorts.port", "openPorts.protocol"]],
	["openPorts.", "openPorts.", ["openPorts.port", "openPorts.protocol"]],
	["openPorts:(", "", ["port", "protocol", "not"]],
	["openPorts:(port:22 and pr", "pr", ["protocol"]],
	["openPorts:(protocol:t", "t", ["tcp"]],
	["openPorts.protocol:", "", ["tcp", "udp"]],
	["status:", "", ["NEW", "NOTICED", "FIXED"]],
	["status:n", "n", ["NEW", "NOTICED"]],
	["status:[NEW, f", "f", ["FIXED"]],
	["status:NEW ", "", ["and", "or"]],
	["status:NEW o", "o", ["or"]],
	["status:NEW and na", "na", ["name"]],
	["not st", "st", ["status", "lastScan"]],
	["os:deb", "deb", ['"Debian 12"', "debian-like"]],
	['os:"deb', '"deb', ['"Debian 12"', "debian-like"]],
	["os:\u201cdeb", "\u201cdeb", ['"Debian 12"', "debian-like"]],
	['os:"debian" ', "", ["and", "or"]],
	["lastScan<now-9", "now-9", ["now-90d"]],
	["lastScan:[now-90d .. n", "n", ["now", "now-1d", "now-7d", "now-30d", "now-90d"]],
	["severity>=", "", ["5", "4", "3", "2", "1"]],
	["(name:x) ", "", ["and", "or"]],
	["nothing:", "", []],
])("%s", (text, replaced, items) => {
	expect(offered(text)).toEqual({ replaced, items });
});

test("in the middle of a text only what stands before the cursor counts", () => {
	expect(offered("st and name:x", 2)).toEqual({ replaced: "st", items: ["status", "lastScan"] });
});

test("any text and any place will do", () => {
	const piece = fc.constantFrom(
		..."( ) [ ] : = >= , .. ' \" ` not and or name status: os: openPorts:( now- \\".split(" "),
		" ",
	);
	const text = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.array(piece).map((pieces) => pieces.join("")),
	);
	fc.assert(
		fc.property(text, fc.nat(60), (made, at) => {
			const { from, to } = completeFilter(made, Math.min(at, made.length), catalogue, stored);
			expect(from).toBeLessThanOrEqual(to);
			expect(to).toBeLessThanOrEqual(made.length);
		}),
		{ numRuns: 2_000 },
	);
});
