import { expect, it } from "vitest";
import { type FakeServer, serve, startsTls, talkTo } from "../loopback.test-support.ts";
import { probe } from "./probe.ts";

type Answer = { readonly selected: number } | { readonly failure: number } | "bare" | "hang up";

/** A terminal server's first step after [MS-RDPBCGR] 2.2.1.1-2: `choose` gets the requested protocols. */
function rdp(choose: (requested: number) => Answer): Promise<FakeServer> {
	return serve({
		onData: (socket, request) => {
			const answer = choose(request.readUInt32LE(15));
			if (answer === "hang up") socket.destroy();
			else if (answer === "bare") socket.write(Buffer.of(3, 0, 0, 11, 6, 0xd0, 0, 0, 0, 0, 0));
			else socket.write(negotiated(answer));
		},
	});
}

function negotiated(answer: { readonly selected: number } | { readonly failure: number }): Buffer {
	const [type, value] = "selected" in answer ? [2, answer.selected] : [3, answer.failure];
	return Buffer.of(3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, type, 0, 8, 0, value, 0, 0, 0);
}

const windows = (requested: number): Answer => {
	if (requested & 8) return { selected: 8 };
	return requested & 2 ? { selected: 2 } : { failure: 5 };
};
const xrdp = (requested: number): Answer => (requested & 1 ? { selected: 1 } : { selected: 0 });

it("sees that only network level authentication is accepted", async () => {
	const lesson = await talkTo(probe, await rdp(windows));
	expect(lesson).toEqual({
		kind: "rdp",
		complete: true,
		data: { product: null, version: null, info: null, protocols: ["hybrid", "hybrid-ex"], nlaRequired: true },
	});
	expect(probe.offersStartTls?.([lesson])).toBe(true);
});

it("sees every layer a lax server accepts", async () => {
	expect(await talkTo(probe, await rdp(xrdp))).toMatchObject({
		complete: true,
		data: { protocols: ["rdp", "tls"], nlaRequired: false },
	});
});

it("takes a confirm without negotiation data for standard security", async () => {
	const lesson = await talkTo(probe, await rdp(() => "bare"));
	expect(lesson).toMatchObject({ data: { protocols: ["rdp"], nlaRequired: false } });
	expect(probe.offersStartTls?.([lesson])).toBe(false);
});

it("keeps what it has when a later question is not answered", async () => {
	const server = await rdp((requested) => (requested === 0 ? "hang up" : xrdp(requested)));
	expect(await talkTo(probe, server)).toMatchObject({ complete: false, data: { protocols: ["tls"] } });
});

it("rejects what is no RDP", async () => {
	const server = await serve({ onData: (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n") });
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});

it("starts TLS, or says that the server declines", async () => {
	expect(await startsTls(probe, await rdp(windows))).toBe(true);
	expect(await startsTls(probe, await rdp(xrdp))).toBe(true);
	expect(await startsTls(probe, await rdp(() => ({ failure: 2 })))).toBe(false);
	expect(await startsTls(probe, await rdp(() => "bare"))).toBe(false);
});
