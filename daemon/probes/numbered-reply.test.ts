import { expect, it } from "vitest";
import { contextFor, serve } from "./loopback.test-support.ts";
import { parseNumberedReply, readNumberedReply } from "./numbered-reply.ts";

it("reads one line, and many in either protocol's style", () => {
	expect(parseNumberedReply(["220 ready"])).toEqual({ code: 220, lines: ["ready"], raw: "220 ready" });
	expect(parseNumberedReply(["250-a", "250-b", "250 c", "250 next"])?.lines).toEqual(["a", "b", "c"]);
	expect(parseNumberedReply(["211-Features:", " UTF8", "212 not yet", "211 End"])?.lines).toEqual([
		"Features:",
		"UTF8",
		"212 not yet",
		"End",
	]);
	expect(parseNumberedReply(["220"])?.lines).toEqual([""]);
});

it("takes nothing else for a reply", () => {
	for (const line of ["", "22 x", "2200 x", "+OK", "620 x", "\u{ff}\u{fb}"])
		expect(parseNumberedReply([line])).toBeNull();
});

it.each([
	["no code", "hello\r\n"],
	["no end", "220-more\r\n".repeat(200)],
	["a line without an end", "2".repeat(100_000)],
])("gives up on %s", async (_, text) => {
	const server = await serve({ greet: (socket) => socket.end(text) });
	const connection = await contextFor(server.port).dial.connect();
	await expect(readNumberedReply(connection)).rejects.toMatchObject({ name: "ProbeFailure" });
	connection.close();
});
