import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { endianness } from "node:os";
import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeOwner, ownerIn, ownerOf } from "./listener-owner.ts";

const url = "ws://127.0.0.1:7443";
const ends = { remoteAddress: "127.0.0.1", remotePort: 7_443, localAddress: "127.0.0.1", localPort: 40_000 };
const loop = endianness() === "LE" ? "0100007F" : "7F000001";
const mapped = `${"0".repeat(16)}${endianness() === "LE" ? "FFFF0000" : "0000FFFF"}${loop}`;
const row = (local: string, remote: string, state: string, uid: number) =>
	`   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${uid}        0 41903953 1`;
const listens = (uid: number, at = loop) => row(`${at}:1D13`, `${"0".repeat(at.length)}:0000`, "0A", uid);
const accepted = (uid: number, at = loop) => row(`${at}:1D13`, `${at}:9C40`, "01", uid);

test.each<[string, string[], number | null]>([
	["who listens and accepted", [listens(900), accepted(900)], 900],
	["who listens, nothing accepted yet", [listens(900), accepted(0)], 900],
	["on every address", [listens(900, "0".repeat(8)), accepted(900)], 900],
	["on every address of IPv6 too", [listens(900, "0".repeat(32)), accepted(900, mapped)], 900],
	["beside another on IPv6 alone", [listens(901, "0".repeat(32)), listens(900), accepted(900)], 900],
	["accepted by another who is gone from the port", [listens(900), accepted(901)], null],
	["of a user whom the kernel cannot name", [listens(65_534), accepted(65_534)], null],
	["nobody listens", [accepted(900)], null],
	["the connection is gone", [listens(900)], null],
	["nothing can be read", [], null],
])("%s", (_name, rows, owner) => {
	expect(ownerIn(rows.join("\n"), ends)).toBe(owner);
});

test("never throws on any table", () => {
	fc.assert(fc.property(fc.string(), (table) => ownerIn(table, ends) === null));
});

test.each(["127.0.0.1", "::", "::1"])("of a socket of our own on %s it is us", async (host) => {
	const server = createServer((socket) => void socket.resume()).listen(0, host);
	await new Promise((resolve) => server.once("listening", resolve));
	const socket: Socket = connect((server.address() as AddressInfo).port, host === "::" ? "127.0.0.1" : host);
	await new Promise((resolve) => socket.once("connect", resolve));
	expect(ownerOf(socket)).toBe(process.getuid?.());
	socket.destroy();
	server.close();
});

test.each<[string, number | null, number | undefined, boolean | RegExp]>([
	["root's", 0, 900, true],
	["our own", 1_000, 900, true],
	["whose it was before", 900, 900, true],
	["another user's, first", 900, undefined, false],
	["another user's than before", 901, 900, /uid 901, and was of 900 before: no token was sent/],
	["nobody knows whose", null, undefined, /cannot be told: no token was sent/],
])("%s", (_name, owner, known, verdict) => {
	const judge = () => judgeOwner(url, owner, { known, ownUid: 1_000 });
	if (typeof verdict === "boolean") expect(judge()).toBe(verdict);
	else expect(judge).toThrow(verdict);
});
