import { expect, it } from "vitest";
import { contextFor, serve, serveLines, startsTls, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

const transcript = (name: string) => readTranscript(new URL(`testdata/${name}.transcript`, import.meta.url));

/** vsftpd's answers, with what a test wants otherwise. */
function vsftpd(answers: Record<string, string>) {
	const usual: Record<string, string> = {
		FEAT: "211-Features:\r\n EPSV\r\n211 End\r\n",
		SYST: "530 Please login with USER and PASS.\r\n",
		"USER anonymous": "331 Please specify the password.\r\n",
		"USER vedette": "331 Please specify the password.\r\n",
		"PASS anonymous@vedette.invalid": "530 Login incorrect.\r\n",
	};
	return serveLines("220 (vsFTPd 3.0.3)\r\n", (line) => answers[line] ?? usual[line] ?? "500 Unknown command.\r\n");
}

it("lists what a real anonymous vsFTPd shows", async () => {
	const [control, data, user] = transcript("vsftpd-3.0.3-anonymous");
	const listing = await serveTranscript([data!]);
	const server = await serveTranscript([control!, user!]);
	const context = contextFor(server.port);
	const asked: number[] = [];
	const connectPort = (port: number) => {
		asked.push(port);
		return contextFor(listing.port).dial.connect();
	};
	const learned = await probe.talk({
		...context,
		dial: { connect: () => context.dial.connect(), exchange: async () => null, connectPort },
	});
	expect(asked).toEqual([29747]);
	expect(learned).toEqual([
		{
			kind: "ftp",
			complete: true,
			data: {
				product: "vsFTPd",
				version: "3.0.3",
				info: null,
				tls: false,
				banner: "220 (vsFTPd 3.0.3)",
				anonymous: true,
				entries: ["README.txt", "pub"],
				authTls: false,
				cleartextLogin: true,
				features: ["EPRT", "EPSV", "MDTM", "PASV", "REST STREAM", "SIZE", "TVFS"],
				system: "UNIX Type: L8",
			},
		},
	]);
});

it("sees that a real vsFTPd wants TLS before a login", async () => {
	const lesson = await talkTo(probe, await serveTranscript(transcript("vsftpd-3.0.3-tls-required")));
	expect(lesson.complete).toBe(true);
	expect(lesson.data).toMatchObject({ anonymous: false, authTls: true, cleartextLogin: false, system: null });
	expect(probe.offersStartTls?.([lesson])).toBe(true);
});

it("counts the anonymous login where nobody else may log in", async () => {
	const server = await vsftpd({ "USER vedette": "530 This FTP server is anonymous only.\r\n" });
	expect(await talkTo(probe, server)).toMatchObject({ data: { cleartextLogin: true } });
});

it("does not follow PASV to a foreign address, and not to a printer's port", async () => {
	const elsewhere = await serve({}, "127.0.0.2");
	const [high, low] = [elsewhere.port >> 8, elsewhere.port & 255];
	const loggedIn = { "PASS anonymous@vedette.invalid": "230 Login successful.\r\n" };
	const foreign = await vsftpd({ ...loggedIn, PASV: `227 Entering Passive Mode (127,0,0,2,${high},${low}).\r\n` });
	const lesson = await talkTo(probe, foreign);
	expect(lesson.data).toMatchObject({ anonymous: true, entries: [] });
	expect(elsewhere.heard).toEqual([]);

	const printer = await vsftpd({ ...loggedIn, EPSV: "229 Extended Passive Mode (|||9100|)\r\n" });
	const context = contextFor(printer.port);
	const connectPort = () => Promise.reject(new Error("must not be dialled"));
	const learned = await probe.talk({
		...context,
		dial: { connect: () => context.dial.connect(), exchange: async () => null, connectPort },
	});
	expect(learned[0]?.data).toMatchObject({ anonymous: true, entries: [] });
});

it("asks for AUTH TLS apart where FEAT is not known", async () => {
	const server = await vsftpd({ FEAT: "500 what?\r\n", "AUTH TLS": "234 Proceed with negotiation.\r\n" });
	expect(await talkTo(probe, server)).toMatchObject({ data: { authTls: true } });
});

it("keeps the banner of a server that hangs up half-way", async () => {
	const server = await serveLines("220 (vsFTPd 3.0.3)\r\n", (line) => (line === "FEAT" ? "211-F\r\n211 E\r\n" : null));
	const lesson = await talkTo(probe, server);
	expect(lesson).toMatchObject({ complete: false, data: { product: "vsFTPd", anonymous: null } });
});

it("leaves open what a server that breaks down did not answer", async () => {
	const server = await vsftpd({ "PASS anonymous@vedette.invalid": "500 OOPS: cannot change directory\r\n" });
	expect(await talkTo(probe, server)).toMatchObject({ complete: false, data: { anonymous: null } });
});

it("is not taken in by an SMTP server with a bare greeting", async () => {
	const server = await serveLines("220 mail.example.test\r\n", () => "502 5.5.2 Error: command not recognized\r\n");
	await expect(probe.talk(contextFor(server.port))).rejects.toMatchObject({ reason: "protocol" });
});

it("says nothing of cleartext logins inside TLS", async () => {
	const server = await vsftpd({});
	const learned = await probe.talk({ ...contextFor(server.port), tls: true });
	expect(learned[0]?.data).toMatchObject({ tls: true, cleartextLogin: false });
	expect(server.heard.join("")).not.toContain("USER vedette");
});

it("starts TLS, or says that the server declines", async () => {
	const yes = await vsftpd({ "AUTH TLS": "234 Proceed with negotiation.\r\n" });
	const no = await vsftpd({});
	expect(await startsTls(probe, yes)).toBe(true);
	expect(await startsTls(probe, no)).toBe(false);
});
