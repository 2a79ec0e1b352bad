/**
 * The door to the network, with and without TLS: whoever has no token that holds now is not let in, however they knock, and
 * what is let in is no more than the token says. Everything stays on 127.0.0.0/8.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type SecureVersion } from "node:tls";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Operators } from "../../daemon/operators/operators.ts";
import { People } from "../../daemon/operators/people.ts";
import { makeToken } from "../../daemon/operators/token.ts";
import { NetworkDoor } from "../../daemon/rpc/network-door.ts";
import { makeSelfSigned } from "../../daemon/rpc/self-signed.ts";
import { openSettings, type Settings } from "../../daemon/store/settings.ts";
import { setGrant } from "../../daemon/store/settings-operators.ts";
import type { StoredToken } from "../../daemon/store/settings-schema.ts";
import { openStore, type Store } from "../../daemon/store/store.ts";
import type { Client } from "../../protocol/client.ts";
import type { Access } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import { resolveHome } from "../../protocol/home.ts";
import * as daemon from "../../protocol/methods/daemon.ts";
import * as signatures from "../../protocol/methods/signatures.ts";
import type { Listener } from "../../protocol/model/operator.ts";
import { attachNetwork, type NetworkOptions } from "../../tui/connect/attach-network.ts";
import { type Door, handshake, isAlive, openDoor, rawExchange } from "./door.ts";

const at = "2026-01-01T00:00:00.000Z";
const ownUid = process.getuid?.() ?? 0;
const hour = 3_600_000;

let folder: string;
let settings: Settings;
let store: Store;
let operators: Operators;
let door: Door;
let network: NetworkDoor;
let wish: Listener | null;
let now: number;
const badTokens: (string | null)[] = [];
const clients: Client[] = [];

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "vedette-network-"));
	now = Date.parse(at);
	settings = await openSettings(join(folder, "settings.json"), { log: pino({ level: "silent" }) });
	store = openStore(":memory:", { clock: { now: () => now } });
	operators = new Operators(settings, ownUid, () => now, new People(store.db));
	badTokens.length = 0;
	door = await openDoor({ gatekeeper: operators, onBadToken: (from) => badTokens.push(from), steady: () => now });
	network = networkDoor(() => wish);
	await listenOn({});
});

function networkDoor(where: () => Listener | null, home = folder): NetworkDoor {
	return new NetworkDoor({
		...{ home: resolveHome({ VEDETTE_HOME: home }), log: pino({ level: "silent" }), wish: where, now: () => now },
		onConnection: (socket, from, onAdmitted) => door.server.take(socket, from, onAdmitted),
		retryMs: 5,
	});
}

afterEach(async () => {
	for (const client of clients.splice(0)) await client.close();
	await network.close();
	operators.close();
	await door.close();
	await settings.close();
	store.close();
	rmSync(folder, { recursive: true, force: true });
});

async function listenOn(more: Partial<Listener>): Promise<void> {
	wish = { address: "127.0.0.1:0", tls: false, certificate: null, key: null, ...more };
	await network.follow();
}

const port = () => Number(network.state().listensOn?.split(":").at(-1));
const plain = () => connect(port(), "127.0.0.1");
const tls = (options: { maxVersion?: SecureVersion; minVersion?: SecureVersion } = {}) =>
	connectTls({ port: port(), host: "127.0.0.1", rejectUnauthorized: false, ...options });
const url = () => `${network.state().tls ? "wss" : "ws"}://127.0.0.1:${port()}`;

async function giveToken(name: string, access: Access, more: Partial<StoredToken> = {}): Promise<string> {
	const { secret, hash } = makeToken();
	const token: StoredToken = {
		...{ name, access, hash, owner: null, createdAt: at, createdBy: "unix:0", revoked: null },
		...{ expiresAt: new Date(now + hour).toISOString(), ...more },
	};
	await settings.update((data) => void data.operators.tokens.push(token));
	operators.changed();
	return secret;
}

/** As the console attaches, with a home of its own. */
type AttachOptions = Omit<NetworkOptions, "env"> & { token?: string; home?: string };
async function attach(options: AttachOptions = {}) {
	const { token, home = "near", ...more } = options;
	const env = { VEDETTE_HOME: join(folder, home), ...(token === undefined ? {} : { VEDETTE_TOKEN: token }) };
	const attached = await attachNetwork(url(), { env, ...more });
	clients.push(attached.client);
	return attached;
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
	const err = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	if (err instanceof AppError) return err;
	throw new Error(`no AppError: ${String(err)}`);
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Each is sent with a token that holds, unless the headers say otherwise: it is the rest that is wrong. */
const knocks: readonly [string, (token: string) => string, RegExp][] = [
	["no token", () => handshake(), /^HTTP\/1\.1 401/],
	["an empty token", () => handshake(bearer("")), /^HTTP\/1\.1 403/],
	["a wrong token", () => handshake(bearer("vdt_wrong")), /^HTTP\/1\.1 403/],
	["all of the token but its end", (token) => handshake(bearer(token.slice(0, -1))), /^HTTP\/1\.1 403/],
	["the token and more", (token) => handshake(bearer(`${token}A`)), /^HTTP\/1\.1 403/],
	["the token in other letters", (token) => handshake(bearer(token.toUpperCase())), /^HTTP\/1\.1 403/],
	[
		"the token as a password",
		(token) => handshake({ Authorization: `Basic ${btoa(`ana:${token}`)}` }),
		/^HTTP\/1\.1 403/,
	],
	["the token without Bearer", (token) => handshake({ Authorization: token }), /^HTTP\/1\.1 403/],
	[
		"two tokens, the first wrong",
		(token) => handshake({ Authorization: ["Bearer vdt_x", `Bearer ${token}`] }),
		/^HTTP\/1\.1 403/,
	],
	["the token in the address", (token) => handshake({}, `GET /rpc?token=${token} HTTP/1.1`), /^HTTP\/1\.1 404/],
	["the token in a cookie", (token) => handshake({ Cookie: `token=${token}` }), /^HTTP\/1\.1 401/],
	["the token as a subprotocol", (token) => handshake({ "Sec-WebSocket-Protocol": token }), /^HTTP\/1\.1 401/],
	["the token for a proxy", (token) => handshake({ "Proxy-Authorization": `Bearer ${token}` }), /^HTTP\/1\.1 401/],
	["the hash of a token", () => handshake(bearer(settings.data.operators.tokens[0]?.hash ?? "")), /^HTTP\/1\.1 403/],
	["a name in place of a token", () => handshake(bearer("good")), /^HTTP\/1\.1 403/],
	["Origin", (token) => handshake({ ...bearer(token), Origin: "https://evil.example" }), /^HTTP\/1\.1 403/],
	["Origin null", (token) => handshake({ ...bearer(token), Origin: "null" }), /^HTTP\/1\.1 403/],
	["Origin of the same address", (token) => handshake({ ...bearer(token), Origin: url() }), /^HTTP\/1\.1 403/],
	["Referer", (token) => handshake({ ...bearer(token), Referer: "http://localhost/" }), /^HTTP\/1\.1 403/],
	["Sec-Fetch-Mode", (token) => handshake({ ...bearer(token), "Sec-Fetch-Mode": "websocket" }), /^HTTP\/1\.1 403/],
	["Sec-Fetch-Site", (token) => handshake({ ...bearer(token), "Sec-Fetch-Site": "none" }), /^HTTP\/1\.1 403/],
	[
		"a Host of somebody else (DNS rebinding)",
		(token) => handshake({ ...bearer(token), Host: "evil.example" }),
		/^HTTP\/1\.1 403/,
	],
	["the address as Host", (token) => handshake({ ...bearer(token), Host: `127.0.0.1:${port()}` }), /^HTTP\/1\.1 403/],
	["two Hosts", (token) => handshake({ ...bearer(token), Host: ["vedette.local", "x.example"] }), /^HTTP\/1\.1 40[03]/],
	["another path", (token) => handshake(bearer(token), "GET / HTTP/1.1"), /^HTTP\/1\.1 404/],
	[
		"an absolute address",
		(token) => handshake(bearer(token), "GET http://vedette.local/rpc HTTP/1.1"),
		/^HTTP\/1\.1 404/,
	],
	["a POST", (token) => handshake(bearer(token), "POST /rpc HTTP/1.1"), /^HTTP\/1\.1 405/],
	["no upgrade", (token) => handshake({ ...bearer(token), Upgrade: null, Connection: null }), /^HTTP\/1\.1 426/],
	["a page that asks first", () => "OPTIONS /rpc HTTP/1.1\r\nHost: localhost\r\n\r\n", /^HTTP\/1\.1 405/],
	[
		"a header of 64 kB before the token",
		(token) => handshake({ "X-Long": "x".repeat(65_536), ...bearer(token) }),
		/^$/,
	],
	["JSON without HTTP", () => '{"jsonrpc":"2.0","id":1,"method":"daemon.stop"}\r\n\r\n', /^$/],
	["a frame before the handshake", (token) => `\x81\x02{}${handshake(bearer(token))}`, /^$/],
	[
		"two lengths (smuggling)",
		(token) =>
			`POST /rpc HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
		/^$/,
	],
];

describe.each([
	["in the clear, on loopback", false],
	["with TLS", true],
])("%s", (_name, isEncrypted) => {
	test.each(knocks)("%s", async (_what, requestOf, answer) => {
		if (isEncrypted) await listenOn({ tls: true });
		const token = await giveToken("good", "admin");
		const knock = isEncrypted ? () => tls() : plain;
		expect(await rawExchange(knock, requestOf(token))).toMatch(answer);
		expect(door.server.connections()).toBe(0);
		expect(door.reached.get("daemon.stop")).toBeUndefined();
		expect(JSON.stringify(door.logLines)).not.toContain(token);
		expect(await isAlive(door.socketPath)).toBe(true);
	});

	test("who has a token comes in, as what it says and no more", async () => {
		if (isEncrypted) await listenOn({ tls: true });
		const token = await giveToken("ci", "read");
		const { client } = await attach({
			token,
			...(isEncrypted ? { fingerprint: network.state().fingerprint ?? "" } : {}),
		});
		expect(client.hello).toMatchObject({ access: "read", user: "token:ci" });
		expect(await client.call(signatures.list, {})).toMatchObject({ total: 0 });
		expect((await errorOf(client.call(daemon.stop, {}))).code).toBe("forbidden");
		expect(JSON.stringify(door.logLines)).not.toContain(token);
	});
});

describe("tokens", () => {
	test.each<[string, Partial<StoredToken>]>([
		["has run out", { expiresAt: new Date(Date.parse(at) - 1).toISOString() }],
		["was revoked", { revoked: { at, by: "unix:0" } }],
		["stands for somebody without access", { owner: "unix:4000000001" }],
	])("one that %s is refused", async (_name, more) => {
		await giveToken("other", "read");
		const err = await errorOf(attach({ token: await giveToken("bad", "admin", more) }));
		expect([err.code, err.message]).toEqual([
			"forbidden",
			expect.stringContaining("not known here, has expired or was"),
		]);
	});

	test("root's own user and uid mean nothing over the network, nor does a grant", async () => {
		await settings.update((data) =>
			setGrant(data, { kind: "unix", id: 1_234, name: "ana", access: "admin", at, by: "unix:0" }),
		);
		operators.changed();
		expect(await rawExchange(plain, handshake())).toMatch(/^HTTP\/1\.1 401/);
		expect(operators.admit({ uid: null, gids: [0, 1_234] }, null)).toBeNull();
	});

	test("while there is no token at all nobody comes in", async () => {
		expect(await rawExchange(plain, handshake(bearer("vdt_x")))).toMatch(/^HTTP\/1\.1 403/);
		expect(await rawExchange(plain, handshake())).toMatch(/^HTTP\/1\.1 401/);
		expect(operators.mayKnock({ uid: null, gids: [] })).toBe(false);
	});

	test.each(["revoked", "run out", "its owner's access taken away"])("%s: its connections end", async (how) => {
		await settings.update((data) =>
			setGrant(data, { kind: "unix", id: 1_234, name: "ana", access: "operate", at, by: "unix:0" }),
		);
		const token = await giveToken("laptop", "admin", { owner: "unix:1234" });
		const { client, link } = await attach({ token });
		expect(client.hello).toMatchObject({ access: "operate", user: "unix:1234" });
		const refused = new Promise<void>((resolve) => {
			const look = () => (link.needsLogin() === undefined ? setImmediate(look) : resolve());
			look();
		});
		if (how === "run out") now += hour + 1;
		await settings.update((data) => {
			const [kept] = data.operators.tokens;
			if (how === "revoked" && kept) kept.revoked = { at, by: "unix:0" };
			if (how.startsWith("its owner")) data.operators.grants = [];
		});
		operators.changed();
		await refused;
		expect(client.state).toBe("reconnecting");
		expect(link.needsLogin()).toContain("access token");
		expect(door.server.connections()).toBe(0);
	});

	test("ten wrong ones from an address, and more are told to wait; a token that holds comes in all the same", async () => {
		const token = await giveToken("good", "read");
		for (let attempt = 0; attempt < 10; attempt++) {
			expect(await rawExchange(plain, handshake(bearer(`vdt_${attempt}`)))).toMatch(/^HTTP\/1\.1 403/);
		}
		const lines = door.logLines.length;
		expect(await rawExchange(plain, handshake(bearer("vdt_more")))).toMatch(/^HTTP\/1\.1 429/);
		expect((await errorOf(attach({ token: `${token}A` }))).code).toBe("busy");
		expect(door.logLines.length).toBe(lines);
		await attach({ token });
		now += 6_000;
		expect(await rawExchange(plain, handshake(bearer("vdt_later")))).toMatch(/^HTTP\/1\.1 403/);
		expect(badTokens).toEqual(Array.from({ length: 11 }, () => "127.0.0.1"));
	});

	test("knocks without a token stay what they are, fill no log and use up nobody's tries", async () => {
		for (let knock = 0; knock < 25; knock++) {
			expect(await rawExchange(plain, handshake())).toMatch(/^HTTP\/1\.1 401/);
		}
		const told = door.logLines.filter(({ msg }) => msg === "a connection was refused");
		expect(told).toHaveLength(10);
		expect(await rawExchange(plain, handshake(bearer("vdt_wrong")))).toMatch(/^HTTP\/1\.1 403/);
	});

	test("read-only is a promise the daemon keeps, whatever the token may", async () => {
		const { client } = await attach({ token: await giveToken("boss", "admin"), readOnly: true });
		expect(client.hello.access).toBe("read");
		expect((await errorOf(client.call(daemon.stop, {}))).code).toBe("forbidden");
	});
});

describe("without TLS, whose it is", () => {
	const ofOther = 4_000_000_001;
	const confirmed: string[] = [];
	const questions = (isRight: boolean) => ({
		confirm: async (lines: readonly string[]) => {
			confirmed.push(lines.join(" "));
			return isRight;
		},
		secret: () => Promise.reject(new Error("not asked")),
	});

	test("another user's is asked about once, remembered, and then only root's, one's own or theirs will do", async () => {
		const token = await giveToken("good", "read");
		confirmed.length = 0;
		const ownerOf = () => ofOther;
		expect((await errorOf(attach({ token, ownerOf }))).message).toContain("no token was sent");
		expect((await errorOf(attach({ token, ownerOf, questions: questions(false) }))).code).toBe("cancelled");
		await attach({ token, ownerOf, questions: questions(true) });
		await attach({ token, ownerOf });
		expect(confirmed).toEqual([expect.stringContaining(`${ofOther}`), expect.stringContaining(`${ofOther}`)]);
		const changed = await errorOf(attach({ token, ownerOf: () => ofOther + 1, questions: questions(true) }));
		expect([changed.code, changed.hint]).toEqual(["forbidden", expect.stringContaining("--tls")]);
		await attach({ token, ownerOf: () => 0 });
	});

	test("who takes the port when the daemon has stopped is not shown the token", async () => {
		const token = await giveToken("good", "read");
		let owner = ownUid;
		const { client, link } = await attach({ token, ownerOf: () => owner });
		const taken = port();
		owner = ofOther;
		await network.close();
		let heard = "";
		const thief = createServer((socket) => void socket.on("data", (bytes) => (heard += bytes)).on("error", () => {}));
		await new Promise<void>((resolve) => thief.listen(taken, "127.0.0.1", resolve));
		await new Promise<void>((resolve) => {
			const look = () => (link.needsLogin() === undefined && heard === "" ? setImmediate(look) : resolve());
			look();
		});
		expect(heard).toBe("");
		expect(link.needsLogin()).toContain("no token was sent");
		await client.close();
		await new Promise((resolve) => thief.close(resolve));
	});
});

describe("certificates", () => {
	test("beyond loopback there is TLS, asked for or not", async () => {
		await listenOn({ address: "0.0.0.0:0" });
		expect(network.state()).toMatchObject({ tls: true, problem: null });
		expect(await rawExchange(plain, handshake())).toMatch(/^$/);
	});

	test.each<SecureVersion>(["TLSv1", "TLSv1.1"])("%s is too old", async (version) => {
		await listenOn({ tls: true });
		const old = tls({ minVersion: "TLSv1", maxVersion: version });
		await expect(
			new Promise((resolve, reject) => old.once("secureConnect", resolve).once("error", reject)),
		).rejects.toThrow();
	});

	test("one of its own is made once, for its owner alone, and named in the state", async () => {
		await listenOn({ tls: true });
		const { fingerprint } = network.state();
		for (const name of ["network-certificate.pem", "network-key.pem"])
			expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
		await listenOn({ tls: true, address: "127.0.0.2:0" });
		expect(network.state().fingerprint).toBe(fingerprint);
	});

	test("an unknown one is not sent the token; once named it is known; another one is refused", async () => {
		await listenOn({ tls: true });
		const token = await giveToken("good", "read");
		const first = await errorOf(attach({ token }));
		expect([first.code, first.hint]).toEqual([
			"forbidden",
			expect.stringContaining(network.state().fingerprint ?? "-"),
		]);
		await attach({ token, fingerprint: network.state().fingerprint ?? "" });
		await attach({ token });
		const kept = port();
		for (const name of ["network-certificate.pem", "network-key.pem"]) rmSync(join(folder, name));
		await listenOn({ tls: true, address: "127.0.0.1:1" });
		await listenOn({ tls: true, address: `127.0.0.1:${kept}` });
		const changed = await errorOf(attach({ token }));
		expect([changed.code, changed.message]).toEqual(["forbidden", expect.stringContaining("nothing was sent")]);
		expect((await errorOf(attach({ token, fingerprint: `sha256:${"0".repeat(64)}`, home: "other" }))).code).toBe(
			"forbidden",
		);
	});

	test("given files are used, taken up anew when they change, and what is wrong with them leaves the old ones in force", async () => {
		const files = { certificate: join(folder, "c.pem"), key: join(folder, "k.pem") };
		const put = (mode = 0o600) => {
			const pair = makeSelfSigned(now);
			writeFileSync(files.certificate, pair.certificate);
			writeFileSync(files.key, pair.key);
			chmodSync(files.key, mode);
		};
		put();
		await listenOn(files);
		const before = network.state().fingerprint;
		expect(network.state()).toMatchObject({ tls: true, problem: null });
		put();
		network.reload();
		const renewed = network.state().fingerprint;
		expect(renewed).not.toBe(before);
		const token = await giveToken("good", "read");
		await attach({ token, fingerprint: renewed ?? "" });
		writeFileSync(files.key, "not a key");
		network.reload();
		expect(network.state()).toMatchObject({
			fingerprint: renewed,
			problem: expect.stringMatching(/the one before is in force/),
		});
		await attach({ token });
		// Without being told, when somebody connects.
		put();
		now += 2_000;
		const noticed = await errorOf(attach({ token }));
		expect(noticed.message).toContain(network.state().fingerprint ?? "-");
		expect(network.state()).toMatchObject({ problem: null });
		expect(network.state().fingerprint).not.toBe(renewed);
	});

	test.each<[string, (folder: string) => Partial<Listener>, RegExp]>([
		["a key that everybody may read", (at) => filesIn(at, { mode: 0o644 }), /may read the key file/],
		["a key of another certificate", (at) => filesIn(at, { foreign: true }), /belongs to another certificate/],
		[
			"files that are not there",
			(at) => ({ certificate: join(at, "no.pem"), key: join(at, "no.key") }),
			/cannot be read/,
		],
		["an address that is not this machine's", () => ({ address: "192.0.2.1:7443" }), /no such address/],
		["a certificate without its key", (at) => ({ certificate: join(at, "c.pem") }), /needs its key/],
		["words for an address", () => ({ address: "everywhere" }), /no address to listen on/],
	])("%s: it stays closed and says why", async (_name, wishOf, problem) => {
		await listenOn(wishOf(folder));
		expect(network.state()).toMatchObject({ listensOn: null, problem: expect.stringMatching(problem) });
	});
});

function filesIn(
	folder: string,
	{ mode = 0o600, foreign = false }: { mode?: number; foreign?: boolean },
): Partial<Listener> {
	const files = { certificate: join(folder, "c.pem"), key: join(folder, "k.pem") };
	const pair = makeSelfSigned(Date.parse(at));
	writeFileSync(files.certificate, pair.certificate);
	writeFileSync(files.key, foreign ? makeSelfSigned(Date.parse(at)).key : pair.key);
	chmodSync(files.key, mode);
	return files;
}

describe("too many, too slow, and closed", () => {
	const closed = (socket: Socket) =>
		new Promise<void>((resolve) => {
			socket.on("error", () => undefined).once("close", () => resolve());
			socket.resume();
		});

	test("silence, slow headers and half a TLS handshake end by themselves; so does what is too much from one address", async () => {
		await giveToken("good", "read");
		await listenOn({ tls: true });
		const encrypted = port();
		const open = networkDoor(() => ({ address: "127.0.0.1:0", tls: false, certificate: null, key: null }));
		await open.follow();
		const inTheClear = Number(open.state().listensOn?.split(":").at(-1));
		await Promise.all([
			rawExchange(() => connect(encrypted, "127.0.0.1"), "\x16\x03\x01"),
			rawExchange(() => connect(inTheClear, "127.0.0.1"), "GET /rpc HTTP/1.1\r\nHost: loc"),
			...Array.from({ length: 40 }, () => closed(connect(inTheClear, "127.0.0.1"))),
		]);
		expect(await isAlive(door.socketPath)).toBe(true);
		await open.close();
	});

	test.each([false, true])("who has shown a token takes no stranger's place (TLS: %s)", async (isEncrypted) => {
		await listenOn({ tls: isEncrypted });
		const given = isEncrypted ? { fingerprint: network.state().fingerprint ?? "" } : {};
		for (const name of ["one", "two", "three"]) {
			const token = await giveToken(name, "read");
			for (let console = 0; console < 12; console++) await attach({ token, ...given });
		}
		expect(door.server.connections()).toBe(36);
	});

	test("a door that could not be opened is tried again", async () => {
		const inTheWay = createServer();
		await new Promise<void>((resolve) => inTheWay.listen(0, "127.0.0.1", resolve));
		const taken = inTheWay.address();
		await listenOn({ address: `127.0.0.1:${typeof taken === "object" ? taken?.port : 0}` });
		expect(network.state()).toMatchObject({ listensOn: null, problem: expect.stringContaining("something else") });
		await new Promise((resolve) => inTheWay.close(resolve));
		await new Promise<void>((resolve) => {
			const look = () => (network.state().listensOn === null ? setImmediate(look) : resolve());
			look();
		});
		expect(network.state()).toMatchObject({ problem: null });
	});

	test("whoever fills the connections leaves room for the daemon's own user", async () => {
		await door.close();
		door = await openDoor({ gatekeeper: operators, limits: { connections: 6 }, steady: () => now });
		const token = await giveToken("good", "read");
		await attach({ token });
		await attach({ token });
		expect((await errorOf(attach({ token }))).code).toBe("busy");
		expect(await isAlive(door.socketPath)).toBe(true);
	});

	test("closing the door ends the connections that came through it, and nothing listens any more", async () => {
		const { client } = await attach({ token: await giveToken("good", "read") });
		const gone = new Promise<void>((resolve) => client.onState(() => resolve()));
		const before = port();
		wish = null;
		await network.follow();
		await gone;
		const late = connect(before, "127.0.0.1");
		await closed(late);
		expect(late.bytesRead).toBe(0);
		expect(network.state()).toMatchObject({ listensOn: null, problem: null });
	});

	test("nothing is made and nothing listens until somebody asks", async () => {
		const idle = networkDoor(() => null, join(folder, "idle"));
		await idle.follow();
		expect(idle.state()).toEqual({ listensOn: null, tls: false, fingerprint: null, validUntil: null, problem: null });
		expect(existsSync(join(folder, "idle"))).toBe(false);
	});
});
