/**
 * Others than root and the daemon's own user: let in as granted, over the second socket, by what the kernel says of them.
 * As root real processes of other users knock; elsewhere this user plays the stranger to a daemon of somebody else.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Operators } from "../../daemon/operators/operators.ts";
import { People } from "../../daemon/operators/people.ts";
import { makeToken } from "../../daemon/operators/token.ts";
import { SharedDoor } from "../../daemon/rpc/shared-door.ts";
import { openSettings, type Settings } from "../../daemon/store/settings.ts";
import { removeGrant, revokeToken, setGrant } from "../../daemon/store/settings-operators.ts";
import type { StoredGrant, StoredToken } from "../../daemon/store/settings-schema.ts";
import { openStore, type Store } from "../../daemon/store/store.ts";
import type { Access } from "../../protocol/define.ts";
import { type Door, handshake, openDoor } from "./door.ts";

const isRoot = process.getuid?.() === 0;
/** Nobody and the group of news: in every passwd and group file there is, and nobody's. */
const stranger = isRoot ? { uid: 65_534, gid: 9 } : { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
const ownUid = isRoot ? 0 : 4_000_000_000;
const at = "2026-01-01T00:00:00.000Z";

let folder: string;
let settings: Settings;
let store: Store;
let operators: Operators;
let door: Door;
let shared: SharedDoor;
let now: number;
const children: ChildProcess[] = [];

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "vedette-operators-"));
	chmodSync(folder, 0o711);
	now = Date.parse(at);
	settings = await openSettings(join(folder, "settings.json"), { log: pino({ level: "silent" }) });
	store = openStore(":memory:", { clock: { now: () => now } });
	operators = new Operators(settings, ownUid, () => now, new People(store.db));
	door = await openDoor({ gatekeeper: operators });
	shared = new SharedDoor({
		path: join(folder, "shared", "daemon.sock"),
		log: pino({ level: "silent" }),
		audience: () => operators.audience(),
		onConnection: (socket) => door.server.take(socket),
	});
});

afterEach(async () => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
	await shared.close();
	operators.close();
	await door.close();
	await settings.close();
	store.close();
	rmSync(folder, { recursive: true, force: true });
});

async function change(edit: (data: Settings["data"]) => void): Promise<void> {
	await settings.update(edit);
	operators.changed();
	await shared.follow();
}

const grant = (kind: StoredGrant["kind"], id: number, access: Access) =>
	change((data) => setGrant(data, { kind, id, name: `n${id}`, access, at, by: "unix:0" }));

/** Resolves to the secret. */
async function giveToken(name: string, access: Access, more: Partial<StoredToken> = {}): Promise<string> {
	const { secret, hash } = makeToken();
	const token: StoredToken = {
		...{ name, access, hash, owner: null, createdAt: at, createdBy: "unix:0", revoked: null },
		...{ expiresAt: new Date(now + 3_600_000).toISOString(), ...more },
	};
	await change((data) => void data.operators.tokens.push(token));
	return secret;
}

/** A process of the stranger's that says hello and then what it is told to; `lines` is what it hears. */
function knock(options: { path?: string; token?: string; gid?: number } = {}) {
	const request = handshake(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` });
	// Frames of at most 125 bytes, masked with zeros (RFC 6455, section 5.2); a close frame shows as its reason.
	const program = `
		const socket = require("net").connect(process.argv[1]);
		const frame = (text) => Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
		const hello = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "daemon.hello", params: { protocol: "1.0", client: "t" } });
		let greeted = false;
		socket.on("connect", () => socket.write(process.argv[2]));
		socket.on("data", (data) => {
			console.log(data.toString("latin1").replace(/[\\r\\n]+/g, " | "));
			if (!greeted && data.includes("101 Switching")) { greeted = true; socket.write(frame(hello)); }
		});
		socket.on("error", (err) => console.log(err.code));
		socket.on("close", () => console.log("closed"));
		require("readline").createInterface({ input: process.stdin }).on("line", (line) => socket.write(frame(line)));`;
	const path = options.path ?? join(folder, "shared", "daemon.sock");
	const who = isRoot ? { uid: stranger.uid, gid: options.gid ?? stranger.gid } : {};
	const child = spawn(process.execPath, ["-e", program, path, request], {
		...who,
		cwd: "/",
		stdio: ["pipe", "pipe", "inherit"],
	});
	children.push(child);
	const heard: string[] = [];
	let wake = () => {};
	createInterface({ input: child.stdout }).on("line", (line) => {
		heard.push(line);
		wake();
	});
	return {
		say: (method: string) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method })}\n`),
		/** Resolves to the first line that matches. */
		async hears(pattern: RegExp): Promise<string> {
			for (;;) {
				const found = heard.find((line) => pattern.test(line));
				if (found !== undefined) return found;
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		},
	};
}

test("as long as nobody was granted access there is no second socket", async () => {
	await shared.follow();
	expect(shared.state()).toMatchObject({ opensTo: "nobody", problem: null });
	expect(existsSync(join(folder, "shared"))).toBe(false);
});

test("a user who was granted access is let in with it, under their number, and no further", async () => {
	await grant("unix", stranger.uid, "operate");
	expect(shared.state()).toMatchObject({ opensTo: "everybody", problem: null });
	expect(statSync(join(folder, "shared")).mode & 0o777).toBe(0o711);
	const ana = knock();
	expect(await ana.hears(/"result"/)).toContain(`"access":"operate","user":"unix:${stranger.uid}"`);
	ana.say("daemon.stop");
	expect(await ana.hears(/"error"/)).toContain("daemon.stop needs admin access; this connection has operate.");
	expect(door.reached.get("daemon.stop")).toBeUndefined();
});

test("another user's grant is nobody else's", async () => {
	await grant("unix", stranger.uid + 1, "admin");
	expect(await knock().hears(/HTTP|E[A-Z]+/)).toContain("HTTP/1.1 403");
});

test("a group lets its members in, and while it is the only grant its members alone reach the socket", async () => {
	await grant("group", stranger.gid, "read");
	expect(await knock().hears(/"result"/)).toContain('"access":"read"');
	expect(shared.state().opensTo).toBe("group");
	const path = join(folder, "shared", "daemon.sock");
	expect([statSync(dirname(path)).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o710, 0o660]);
	if (isRoot) expect(await knock({ gid: 12 }).hears(/./)).toBe("EACCES");
	// Somebody by name besides: modes cannot say both, so the socket is open to all and the daemon tells them apart.
	await grant("unix", stranger.uid + 1, "read");
	expect(shared.state().opensTo).toBe("everybody");
	if (isRoot) expect(await knock({ gid: 12 }).hears(/HTTP/)).toContain("403");
	await grant("unix", stranger.uid, "approve");
	expect(await knock().hears(/"result"/)).toContain('"access":"approve"');
});

test("access that is taken away or lessened ends the connection at once; the next one has what is left", async () => {
	await grant("unix", stranger.uid, "approve");
	const ana = knock();
	await ana.hears(/"access":"approve"/);
	await grant("unix", stranger.uid, "read");
	await ana.hears(/your access has changed/);
	const again = knock();
	await again.hears(/"access":"read"/);
	await change((data) => removeGrant(data, `unix:n${stranger.uid}`));
	await again.hears(/your access was taken away/);
	await again.hears(/^closed$/);
	expect(shared.state().opensTo).toBe("nobody");
	expect(existsSync(join(folder, "shared"))).toBe(false);
	expect(await knock().hears(/./)).toBe("ENOENT");
});

test("a token lets in whoever has it, until it expires or is revoked; a wrong one does not", async () => {
	const secret = await giveToken("ci", "operate");
	const ci = knock({ token: secret });
	expect(await ci.hears(/"result"/)).toContain('"access":"operate","user":"token:ci"');
	expect(await knock({ token: `${secret}x` }).hears(/HTTP/)).toContain("403");
	expect(await knock({ token: "" }).hears(/HTTP/)).toContain("403");
	expect(await knock().hears(/HTTP/)).toContain("403");
	await change((data) => revokeToken(data, "ci", { at, by: "unix:0" }));
	await ci.hears(/your access was taken away/);

	const soon = await giveToken("soon", "read", { expiresAt: new Date(now + 1_000).toISOString() });
	const watcher = knock({ token: soon });
	await watcher.hears(/"access":"read"/);
	now += 1_001;
	operators.changed();
	await watcher.hears(/your access was taken away/);
});

test("a token that stands for somebody has their name, no more than they have, and ends with their access", async () => {
	await grant("unix", stranger.uid, "operate");
	const secret = await giveToken("laptop", "admin", { owner: `unix:${stranger.uid}` });
	const laptop = knock({ token: secret });
	expect(await laptop.hears(/"result"/)).toContain(`"access":"operate","user":"unix:${stranger.uid}"`);
	await change((data) => removeGrant(data, `unix:${stranger.uid}`));
	await laptop.hears(/your access was taken away/);
});

test("what goes on in somebody's name knows what they may do, in a group as by themselves, and when they no longer may", async () => {
	const ana = `unix:${stranger.uid}`;
	expect(operators.accessOf(ana)).toBeNull();
	await grant("group", stranger.gid, "operate");
	await knock().hears(/"access":"operate"/);
	expect(operators.accessOf(ana)).toBe("operate");
	await grant("unix", stranger.uid, "admin");
	expect(operators.accessOf(ana)).toBe("admin");
	await giveToken("ci", "read");
	expect(operators.accessOf("token:ci")).toBe("read");
	await change((data) => {
		data.operators.grants = [];
		revokeToken(data, "ci", { at, by: "unix:0" });
	});
	for (const identity of [ana, "token:ci", "daemon", "unix:", "token:other"])
		expect(operators.accessOf(identity), identity).toBeNull();
	expect(operators.accessOf(`unix:${ownUid}`)).toBe("admin");
});

test("a token that does not hold is refused also from somebody who may come in without", async () => {
	await grant("unix", stranger.uid, "admin");
	const secret = await giveToken("old", "read");
	await change((data) => revokeToken(data, "old", { at, by: "unix:0" }));
	expect(await knock({ token: secret }).hears(/HTTP/)).toMatch(/403.*access token/);
});

test("whatever name a token gives, the user of the machine behind it is known", async () => {
	await grant("unix", stranger.uid + 1, "approve");
	const [ci, posing] = [await giveToken("ci", "operate"), await giveToken("ben", "approve", { owner: "unix:1002" })];
	await grant("unix", 1_002, "approve");
	const peer = { uid: stranger.uid + 1, gids: [] };
	expect(operators.admit(peer, null)).toMatchObject({ user: `unix:${peer.uid}`, uid: peer.uid });
	expect(operators.admit(peer, ci)).toMatchObject({ user: "token:ci", uid: peer.uid });
	expect(operators.admit(peer, posing)).toMatchObject({ user: "unix:1002", uid: peer.uid });
});

test("one operator does not take all the connections", async () => {
	await grant("unix", stranger.uid, "read");
	if (!isRoot) return expect(operators.mayKnock({ uid: stranger.uid, gids: [] })).toBe(true);
	const held = Array.from({ length: 16 }, () => knock());
	for (const one of held) await one.hears(/"access":"read"/);
	expect(await knock().hears(/HTTP/)).toContain("503");
});

test("a link or a folder that somebody else could have made is not used, and it is said", async () => {
	mkdirSync(join(folder, "elsewhere"), { mode: 0o777 });
	symlinkSync(join(folder, "elsewhere"), join(folder, "shared"));
	await grant("unix", stranger.uid, "read");
	expect(shared.state()).toMatchObject({ opensTo: "nobody", problem: expect.stringMatching(/not a folder/) });
	rmSync(join(folder, "shared"));
	mkdirSync(join(folder, "shared"));
	chmodSync(join(folder, "shared"), 0o777);
	await shared.follow();
	expect(shared.state().problem).toMatch(/other users may write/);
});
