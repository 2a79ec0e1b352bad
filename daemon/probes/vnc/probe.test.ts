import { expect, it } from "vitest";
import { type FakeServer, serve, talkTo } from "../loopback.test-support.ts";
import { probe } from "./probe.ts";

/** An RFB server after RFC 6143 7.1: greets, and answers each message of the client with the next of these. */
function rfb(version: string, ...answers: (readonly number[])[]): Promise<FakeServer> {
	const next = [...answers];
	return serve({
		greet: (socket) => void socket.write(`RFB ${version}\n`),
		onData: (socket) => {
			const answer = next.shift();
			if (answer === undefined) socket.end();
			else socket.write(Buffer.from(answer));
		},
	});
}

const heard = (server: FakeServer) => server.heard[0]!.toString("latin1");

it("reads a server that lets anyone in, and does not go in", async () => {
	const server = await rfb("003.008", [2, 1, 2]);
	expect(await talkTo(probe, server)).toEqual({
		kind: "vnc",
		complete: true,
		data: {
			product: null,
			version: null,
			info: null,
			protocol: "003.008",
			securityTypes: ["None", "VNC Authentication"],
			authenticationRequired: false,
		},
	});
	expect(heard(server)).toBe("RFB 003.008\n");
});

it("reads a server that wants a password, old or new", async () => {
	const wanted = { securityTypes: ["VNC Authentication"], authenticationRequired: true };
	expect(await talkTo(probe, await rfb("003.007", [1, 2]))).toMatchObject({ complete: true, data: wanted });
	const old = await rfb("003.003", [0, 0, 0, 2]);
	expect(await talkTo(probe, old)).toMatchObject({ complete: true, data: wanted });
	expect(heard(old)).toBe("RFB 003.003\n");
	expect(await talkTo(probe, await rfb("003.003", [0, 0, 0, 1]))).toMatchObject({
		data: { securityTypes: ["None"], authenticationRequired: false },
	});
});

it("looks into VeNCrypt, which may hide a door without a password", async () => {
	const open = await rfb("003.008", [1, 19], [0, 2], [0, 2, 0, 0, 1, 1, 0, 0, 1, 2]);
	expect(await talkTo(probe, open)).toMatchObject({
		complete: true,
		data: { securityTypes: ["VeNCrypt", "TLSNone", "TLSVnc"], authenticationRequired: false },
	});
	const shut = await rfb("003.008", [1, 19], [0, 2], [0, 1, 0, 0, 1, 5]);
	expect(await talkTo(probe, shut)).toMatchObject({
		data: { securityTypes: ["VeNCrypt", "X509Vnc"], authenticationRequired: true },
	});
});

it("leaves open what a server refuses with a reason or hangs up on", async () => {
	const refused = await rfb("003.008", [0, 0, 0, 0, 4, 98, 117, 115, 121]);
	expect(await talkTo(probe, refused)).toMatchObject({ complete: false, data: { securityTypes: [] } });
	expect(await talkTo(probe, await rfb("003.008"))).toMatchObject({
		complete: false,
		data: { protocol: "003.008", authenticationRequired: true },
	});
});

it("rejects what is no RFB", async () => {
	const server = await serve({ greet: (socket) => socket.end("SSH-2.0-OpenSSH\r\n") });
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});
