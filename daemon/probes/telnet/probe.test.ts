import { expect, it } from "vitest";
import { patience } from "../../../test/support/eventually.ts";
import { serve, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

it("reads a real telnetd up to its login prompt", async () => {
	const server = await serveTranscript(
		readTranscript(new URL("testdata/telnetd-ssl-0.17.41.transcript", import.meta.url)),
	);
	expect(await talkTo(probe, server)).toEqual({
		kind: "telnet",
		complete: true,
		data: {
			product: null,
			version: null,
			info: null,
			banner: "Debian GNU/Linux 12\r\nvm login: ",
			loginPrompt: true,
			encryption: true,
		},
	});
});

it("reads options that arrive in pieces", async () => {
	const pieces = [Buffer.of(255), Buffer.of(253, 1), Buffer.from("login: ")];
	const server = await serve({
		greet: (socket) => {
			const step = () => {
				const piece = pieces.shift();
				if (piece !== undefined) socket.write(piece, () => setImmediate(step));
			};
			step();
		},
	});
	expect(await talkTo(probe, server)).toMatchObject({
		data: { banner: "login: ", loginPrompt: true, encryption: false },
	});
	await expect.poll(() => server.heard[0]?.toString("hex"), patience).toBe("fffc01");
});

it("types nothing at a prompt", async () => {
	const server = await serve({ greet: (socket) => void socket.write("Password: ") });
	expect(await talkTo(probe, server)).toMatchObject({ complete: true, data: { loginPrompt: true } });
	expect(server.heard[0]).toHaveLength(0);
});

it("ends at a limit where text never ends", async () => {
	const endless = await serve({
		greet: (socket) => void socket.write(Buffer.concat([Buffer.of(255, 251, 1), Buffer.alloc(500_000, "chatter ")])),
	});
	const lesson = await talkTo(probe, endless);
	expect(lesson.kind === "telnet" && lesson.data.banner.length).toBe(2_048);
});

it("keeps what a server said that hangs up, and rejects what is no Telnet", async () => {
	const curt = await serve({ greet: (socket) => socket.end("\xff\xfb\x01busy\r\n", "latin1") });
	expect(await talkTo(probe, curt)).toMatchObject({ data: { banner: "busy\r\n", loginPrompt: false } });
	const other = await serve({ greet: (socket) => socket.end("220 hello\r\n") });
	await expect(talkTo(probe, other)).rejects.toMatchObject({ reason: "protocol" });
});
