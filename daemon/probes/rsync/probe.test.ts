import { expect, it } from "vitest";
import { serveLines, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

it("reads a real daemon with an open, a locked and a denied module", async () => {
	const transcript = readTranscript(new URL("testdata/rsync-3.5.0.transcript", import.meta.url));
	expect(await talkTo(probe, await serveTranscript(transcript))).toEqual({
		kind: "rsync",
		complete: true,
		data: {
			product: "rsync",
			version: null,
			info: null,
			protocol: "32.0",
			motd: "Welcome to the mirror.\nBe kind.",
			modules: [
				{ name: "public", comment: "Public files", authenticationRequired: false },
				{ name: "backup", comment: "Nightly backups", authenticationRequired: true },
				{ name: "denied", comment: "", authenticationRequired: null },
			],
		},
	});
});

it("tries no more than sixteen modules, and sends nothing after a name", async () => {
	const list = Array.from({ length: 40 }, (_, i) => `${`m${i}`.padEnd(15)}\t\n`).join("");
	const server = await serveLines("@RSYNCD: 31.0\n", (line) => {
		if (line === "#list") return `${list}@RSYNCD: EXIT\n`;
		return line.startsWith("m") ? "@RSYNCD: OK\n" : "";
	});
	const lesson = await talkTo(probe, server);
	if (lesson.kind !== "rsync") throw new Error("no rsync lesson");
	expect(lesson.data.modules).toHaveLength(40);
	expect(lesson.data.modules.filter((module) => module.authenticationRequired === false)).toHaveLength(16);
	expect(server.heard).toHaveLength(17);
	expect(server.heard[1]?.toString()).toBe("@RSYNCD: 31.0\nm0\n");
});

it("keeps the greeting when the list is refused or never ends", async () => {
	const refused = await serveLines("@RSYNCD: 31.0\n", (line) => (line === "#list" ? "@ERROR: no\n" : ""));
	expect(await talkTo(probe, refused)).toMatchObject({ complete: false, data: { protocol: "31.0", modules: [] } });
	const endless = await serveLines("@RSYNCD: 31.0\n", (line) => (line === "#list" ? "x\n".repeat(2_000) : ""));
	expect(await talkTo(probe, endless)).toMatchObject({ complete: false });
});

it("rejects what is no rsync", async () => {
	const server = await serveLines("220 hello\r\n", () => "");
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});
