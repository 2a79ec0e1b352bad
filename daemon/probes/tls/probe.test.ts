import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { DataOf } from "../../evidence/record.ts";
import { type DialerLimits, openDialer, startTlsDialer } from "../dialer.ts";
import { serve } from "../loopback.test-support.ts";
import type { Learned, Probe, ProbeContext } from "../probe.ts";
import { clientHello } from "./build.ts";
import { enumerateTls } from "./enumerate.ts";
import { shakeHands } from "./handshake.ts";
import { probe } from "./probe.ts";

const read = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const rsa = { key: read("rsa.key"), cert: read("rsa.crt") };
const ec = { key: read("ec.key"), cert: read("ec.crt") };

const opened: { close(): unknown }[] = [];
afterEach(async () => {
	for (const each of opened.splice(0)) await each.close();
});

async function tlsServer(options: TlsOptions): Promise<number> {
	const server = createServer(options, (socket) => socket.on("error", () => undefined));
	server.on("tlsClientError", () => undefined);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	opened.push(server);
	const address = server.address();
	return typeof address === "object" && address !== null ? address.port : 0;
}

function contextFor(port: number, hostname: string | null = null, limits: Partial<DialerLimits> = {}): ProbeContext {
	const { signal } = new AbortController();
	const dial = openDialer({
		...{ address: "127.0.0.1", port, hostname, tls: false, signal },
		limits: { connections: 600, ...limits },
	});
	opened.push(dial);
	return { address: "127.0.0.1", port, hostname, tls: false, dial, signal, now: () => Date.now() };
}

function dataOf<K extends "tls" | "certificate">(learned: Learned, kind: K): DataOf<K> {
	const lesson = learned.find((each) => each.kind === kind);
	if (lesson === undefined) throw new Error(`no ${kind} was learned`);
	return lesson.data as DataOf<K>;
}

const cipherNames = (data: DataOf<"tls">) => data.ciphers.map(({ version, name }) => `${version} ${name}`);

describe("the tls probe", () => {
	it("lists exactly the versions and ciphers a careful server accepts, in its order", async () => {
		const port = await tlsServer({
			...rsa,
			minVersion: "TLSv1.2",
			ciphers: "TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256",
			honorCipherOrder: true,
			ALPNProtocols: ["http/1.1"],
		});
		const learned = await probe.talk(contextFor(port, "a.wild.test"));
		const data = dataOf(learned, "tls");
		expect(learned[0]?.complete).toBe(true);
		expect(data).toMatchObject({
			versions: ["TLSv1.2", "TLSv1.3"],
			sslv2: false,
			serverPreference: true,
			compression: false,
			fallbackScsv: true,
			secureRenegotiation: true,
			dhBits: null,
			alpn: "http/1.1",
		});
		expect(cipherNames(data)).toEqual([
			"TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
			"TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
			"TLSv1.3 TLS_AES_128_GCM_SHA256",
		]);
		expect(data.groups).toContain("x25519");
		expect(dataOf(learned, "certificate")).toMatchObject({
			commonName: "good.test",
			names: ["good.test", "*.wild.test", "127.0.0.1"],
			matchesHostname: true,
			selfSigned: true,
			trusted: false,
			leaf: { keyType: "rsa", keyBits: 2048, signatureAlgorithm: "sha256WithRSAEncryption" },
		});
	});

	it("finds what a careless server accepts", async () => {
		const port = await tlsServer({
			...rsa,
			minVersion: "TLSv1",
			maxVersion: "TLSv1.2",
			ciphers: "AES128-SHA:DHE-RSA-AES128-SHA:NULL-SHA:AECDH-AES128-SHA@SECLEVEL=0",
			honorCipherOrder: false,
			dhparam: "auto",
		});
		const data = dataOf(await probe.talk(contextFor(port)), "tls");
		expect(data.versions).toEqual(["TLSv1.0", "TLSv1.1", "TLSv1.2"]);
		expect(
			cipherNames(data)
				.filter((name) => name.startsWith("TLSv1.0 "))
				.toSorted(),
		).toEqual([
			"TLSv1.0 TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
			"TLSv1.0 TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
			"TLSv1.0 TLS_RSA_WITH_AES_128_CBC_SHA",
			"TLSv1.0 TLS_RSA_WITH_NULL_SHA",
		]);
		expect(data.serverPreference).toBe(false);
		expect(data.dhBits).toBeGreaterThanOrEqual(1024);
		expect(data.ciphers.find(({ anonymous }) => anonymous)).toMatchObject({ bits: 128, forwardSecrecy: true });
	});

	it("sees the certificate of a server that speaks only TLS 1.3", async () => {
		const port = await tlsServer({ ...ec, minVersion: "TLSv1.3", ALPNProtocols: ["h2"] });
		const learned = await probe.talk(contextFor(port, "other.test"));
		expect(dataOf(learned, "tls")).toMatchObject({ versions: ["TLSv1.3"], secureRenegotiation: null, alpn: "h2" });
		expect(dataOf(learned, "certificate")).toMatchObject({
			commonName: "ec.test",
			matchesHostname: false,
			leaf: { keyType: "ec", keyBits: 256, curve: "prime256v1", signatureAlgorithm: "ecdsaWithSHA256" },
		});
	});

	it("can carry a key share, which TLS 1.3 answers without HelloRetryRequest", async () => {
		const { dial } = contextFor(await tlsServer({ ...rsa, minVersion: "TLSv1.3" }));
		for (const keyShare of [false, true]) {
			const hello = clientHello({ version: "TLSv1.3", ciphers: [0x1301], keyShare });
			const answer = await shakeHands(dial, hello, true);
			expect(answer).toMatchObject({ hello: { version: 0x0304, cipher: 0x1301, helloRetryRequest: !keyShare } });
		}
	});

	it("finds the groups of a server with an ECDSA certificate", async () => {
		const port = await tlsServer({ ...ec, maxVersion: "TLSv1.2", ecdhCurve: "P-384:P-256" });
		const { groups } = dataOf(await probe.talk(contextFor(port)), "tls");
		expect(groups.toSorted()).toEqual(["secp256r1", "secp384r1"]);
	});

	it("looks behind STARTTLS", async () => {
		const inner = await tlsServer({ ...rsa });
		const { port, close } = await serve({
			onData: (socket, chunk) => {
				if (!chunk.equals(Buffer.from("START\n"))) return;
				socket.removeAllListeners("data");
				socket.write("GO\n");
				pipeTo(socket, inner);
			},
		});
		opened.push({ close });
		const starter: Probe = {
			...probe,
			name: "smtp",
			startTls: async (connection) => {
				await connection.write("START\n");
				return (await connection.readLine()) === "GO";
			},
		};
		const context = contextFor(port);
		const learned = await probe.talk({ ...context, dial: startTlsDialer(starter, context), starttls: "smtp" });
		expect(dataOf(learned, "tls")).toMatchObject({ starttls: "smtp", versions: ["TLSv1.2", "TLSv1.3"], alpn: null });
		expect(dataOf(learned, "certificate").starttls).toBe("smtp");
	});

	it("says tls when the server declines to start it", async () => {
		const { port, close } = await serve({});
		opened.push({ close });
		const context = contextFor(port);
		const dial = startTlsDialer({ ...probe, startTls: () => Promise.resolve(false) }, context);
		await expect(probe.talk({ ...context, dial })).rejects.toMatchObject({ reason: "tls" });
	});
});

function pipeTo(socket: Socket, port: number): void {
	const onward = connect(port, "127.0.0.1");
	onward.on("error", () => socket.destroy());
	socket.on("close", () => onward.destroy());
	socket.pipe(onward).pipe(socket);
}

const record = (type: number, body: Buffer) =>
	Buffer.concat([Buffer.of(type, 3, 3, body.length >> 8, body.length & 0xff), body]);
const hello = Buffer.concat([Buffer.of(2, 0, 0, 38, 3, 3), Buffer.alloc(32, 9), Buffer.of(0, 0xc0, 0x2f, 0)]);

describe("hostile TLS servers end in time", () => {
	const hostile: Record<string, (socket: Socket) => void> = {
		"never answers": () => undefined,
		"answers garbage": (socket) => socket.write(Buffer.alloc(500, 0xa5)),
		"hangs up": (socket) => socket.destroy(),
		resets: (socket) => socket.resetAndDestroy(),
		"hangs up in the middle of a record": (socket) => socket.end(record(22, hello).subarray(0, 20)),
		"announces a certificate of 16 MB": (socket) =>
			socket.write(Buffer.concat([record(22, hello), record(22, Buffer.of(11, 0xff, 0xff, 0xff, 0, 0))])),
		"sends a certificate without end": (socket) => {
			socket.write(Buffer.concat([record(22, hello), record(22, Buffer.of(11, 3, 0xff, 0xff, 3, 0xff, 0xfc))]));
			const pour = () => {
				while (!socket.destroyed && socket.write(record(22, Buffer.alloc(16_000, 0x30))));
			};
			socket.on("drain", pour);
			pour();
		},
		"sends empty records without end": (socket) => {
			const chunk = Buffer.concat(Array.from({ length: 1_000 }, () => record(22, Buffer.alloc(0))));
			const pour = () => {
				while (!socket.destroyed && socket.write(chunk));
			};
			socket.on("drain", pour);
			pour();
		},
		"warns without end": (socket) => {
			socket.write(Buffer.concat(Array.from({ length: 5_000 }, () => record(21, Buffer.of(1, 112)))));
		},
		"chooses what was not offered": (socket) => {
			const odd = Buffer.from(hello);
			odd.writeUInt16BE(0xeeee, 39);
			socket.end(record(22, odd));
		},
	};

	it.each(Object.entries(hostile))("one that %s", async (_name, onHello) => {
		const { port, close } = await serve({ onData: onHello });
		opened.push({ close });
		const context = contextFor(port, null, { waitMs: 100, connectMs: 500 });
		const outcome = await enumerateTls(context, { handshakes: 40, timeMs: 2_000 }).then(
			(found) => (found.complete ? "complete" : "incomplete"),
			(error) => error.name,
		);
		expect(["incomplete", "ProbeFailure"]).toContain(outcome);
	});
});
