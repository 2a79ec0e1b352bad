/** A host's key is shown, compared and trusted by a person; nothing is trusted at first sight, and no excluded host is asked. */
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sshKeyPair } from "../../daemon/credentials/ssh-key-pair.test-support.ts";
import type { TrustedHostKey } from "../../protocol/model/credential.ts";
import { openPty } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const host = "127.0.86.1";
const household = new Household();
const [key, otherKey] = [sshKeyPair(), sshKeyPair()];
const closing: { close(): unknown }[] = [];
/** What anybody tried to log in with. */
const tried: string[] = [];
let port: number;
let changedPort: number;

function listening(server: Server | InstanceType<typeof ssh2.Server>): Promise<number> {
	closing.push(server);
	return new Promise((resolve) => server.listen(0, host, () => resolve((server.address() as { port: number }).port)));
}

function sshServer(hostKey: string) {
	return new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
		client.on("error", () => {});
		client.on("authentication", (attempt) => {
			tried.push(`${attempt.username} ${attempt.method}`);
			attempt.reject();
		});
	});
}

beforeAll(async () => {
	port = await listening(sshServer(key.private));
	changedPort = await listening(sshServer(otherKey.private));
});
afterAll(async () => {
	await household.end();
	for (const one of closing) one.close();
});

async function keys(): Promise<string[]> {
	const { items } = await household.json<{ items: TrustedHostKey[] }>("credential", "keys");
	return items.map((one) => `${one.host}:${one.port} ${one.type} ${one.addedBy.replace(/\d+/, "N")}`);
}

const trust = (at: number, ...words: string[]) =>
	household.run(["credential", "trust", host, "--port", String(at), ...words]);

/** As the host shows it. */
async function fingerprintAt(at: number): Promise<string> {
	const { stderr } = await trust(at);
	return /SHA256:[A-Za-z0-9+/]{43}/.exec(stderr)?.[0] ?? stderr;
}

test("without anybody to ask, the key is shown and not trusted", async () => {
	const shown = await trust(port);
	expect(shown.stderr).toContain(`${host} port ${port} shows ssh-ed25519 SHA256:`);
	expect(shown.stderr).toContain("Nobody is there to say");
	expect(shown.code).toBe(2);
	expect(await keys()).toEqual([]);
});

test("with the right fingerprint it is trusted, with another it is not", async () => {
	const [right, other] = [await fingerprintAt(port), await fingerprintAt(changedPort)];
	const wrong = await trust(port, "--fingerprint", other);
	expect(wrong.stderr).toContain("which is another");
	expect(wrong.code).toBe(1);
	expect(await keys()).toEqual([]);
	expect((await trust(port, "--fingerprint", right)).stdout).toContain("is trusted by its ssh-ed25519 key");
	expect(await keys()).toEqual([`${host}:${port} ssh-ed25519 unix:N`]);
	expect((await household.run(["credential", "trust", host, "--port", String(port)])).stderr).toContain(
		"trusted already",
	);
});

test("brought over by hand, nothing is sent; a changed key must be forgotten first", async () => {
	const path = join(household.home, "host.pub");
	writeFileSync(path, otherKey.public);
	const fingerprint = await fingerprintAt(changedPort);
	const asked = await trust(port, "--public-key", path);
	expect(asked.stderr).toContain("The fingerprint you have compared is needed too");
	const changed = await trust(port, "--public-key", path, "--fingerprint", fingerprint);
	expect(changed.stderr).toContain("is trusted by another ssh-ed25519 key");
	expect(changed.code).toBe(1);
	expect((await household.run(["credential", "untrust", host, "--port", String(port)])).stdout).toContain(
		"Forgot 1 key",
	);
	// Port 1: there is no server, so it is not asked.
	expect((await trust(1, "--public-key", path, "--fingerprint", fingerprint)).code).toBe(0);
	expect(await keys()).toEqual([`${host}:1 ssh-ed25519 unix:N`]);
	const again = await household.run(["credential", "untrust", host, "--port", String(port)]);
	expect(again.stderr).toContain("No such key");
});

test("what is no SSH server is said, and in bounded time", async () => {
	const deaf = await listening(
		createServer((socket) => void socket.on("error", () => {}).end("HTTP/1.1 400 Bad\r\n\r\n")),
	);
	const outcome = await trust(deaf);
	expect(outcome.stderr).toContain(host);
	expect(outcome.code).toBe(1);
	expect((await trust(2)).stderr).toContain("nothing listens there");
});

ptyTest("a person says yes, no, or the fingerprint itself", async () => {
	const fingerprint = await fingerprintAt(port);
	const shows = (text: string) => (lines: string[]) => lines.join("").includes(text);
	for (const [answer, outcome, trusted] of [
		["no", "Nothing was trusted", 1],
		["", "Nothing was trusted", 1],
		["SHA256:wrong", "Nothing was trusted", 1],
		[fingerprint, "is trusted by its", 2],
		["yes", "trusted already", 2],
	] as const) {
		const command = [process.execPath, program, "credential", "trust", host, "--port", String(port)];
		const screen = await openPty(command, { columns: 120, rows: 30, env: household.env });
		if (outcome !== "trusted already") {
			await screen.until(shows("Is that the host's own?"), "the question");
			screen.type(`${answer}\r`);
		}
		await screen.until(shows(outcome), outcome);
		await screen.ended;
		expect(await keys(), answer).toHaveLength(trusted);
	}
});

test("an excluded host is not asked at all, and nobody was ever shown a proof", async () => {
	const connections: unknown[] = [];
	const watched = await listening(createServer((socket) => connections.push(socket.destroy())));
	await household.run(["exclude", "add", host, "--comment", "test"]);
	const refused = await trust(watched);
	expect(refused.stderr).toContain("is excluded");
	expect(refused.code).toBe(4);
	expect(connections).toEqual([]);
	expect(tried).toEqual([]);
	const { items } = await household.json<{ items: { action: string }[] }>("audit", "list");
	expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(["hostkey.trust", "hostkey.forget"]));
});
