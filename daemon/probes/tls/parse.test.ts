import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientHello, sslv2Hello, versionNumbers } from "./build.ts";
import { describeChain } from "./certificate.ts";
import { ciphersToOffer, findCipher } from "./ciphers.ts";
import { signatureAlgorithmOf } from "./der.ts";
import {
	isSslv2ServerHello,
	MessageAssembler,
	parseAlert,
	parseCertificates,
	parseRecordHeader,
	parseServerHello,
	parseServerKeyExchange,
} from "./parse.ts";

const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));

function serverHello(cipher: number, extensions: number[] = [], random = Buffer.alloc(32, 7)): Buffer {
	const list = extensions.length === 0 ? [] : [extensions.length >> 8, extensions.length & 255, ...extensions];
	return Buffer.concat([Buffer.of(3, 3), random, Buffer.of(0, cipher >> 8, cipher & 255, 0, ...list)]);
}

describe("parsers of what a TLS server sends", () => {
	it("never throw on any bytes", () => {
		fc.assert(
			fc.property(bytes, (input) => {
				parseRecordHeader(input);
				parseAlert(input);
				parseServerHello(input);
				parseCertificates(input);
				parseServerKeyExchange(input, "ecdhe");
				parseServerKeyExchange(input, "dhe");
				isSslv2ServerHello(input);
				signatureAlgorithmOf(input);
				describeChain([input], { hostname: "a.test", starttls: null, now: 0 });
			}),
			{ numRuns: 3_000 },
		);
	});

	it("never throw on a ServerHello with bytes changed", () => {
		const good = serverHello(0xc02f, [0xff, 0x01, 0, 1, 0, 0, 16, 0, 5, 0, 3, 2, 0x68, 0x32]);
		fc.assert(
			fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, end) => {
				const changed = Buffer.from(good);
				changed[at] = value;
				parseServerHello(changed.subarray(0, end));
			}),
			{ numRuns: 3_000 },
		);
	});

	it("reads cipher, renegotiation and ALPN of a ServerHello", () => {
		const parsed = parseServerHello(serverHello(0xc02f, [0xff, 0x01, 0, 1, 0, 0, 16, 0, 5, 0, 3, 2, 0x68, 0x32]));
		expect(parsed).toMatchObject({ version: 0x0303, cipher: 0xc02f, secureRenegotiation: true, alpn: "h2" });
	});

	it("tells a HelloRetryRequest of TLS 1.3 with its group", () => {
		const random = Buffer.from("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c", "hex");
		const parsed = parseServerHello(serverHello(0x1301, [0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29], random));
		expect(parsed).toMatchObject({ version: 0x0304, helloRetryRequest: true, group: 29 });
	});

	it("measures a finite-field modulus without its leading zeros", () => {
		const modulus = Buffer.concat([Buffer.of(0), Buffer.alloc(128, 0xff)]);
		const body = Buffer.concat([Buffer.of(0, modulus.length), modulus]);
		expect(parseServerKeyExchange(body, "dhe")).toEqual({ kind: "field", bits: 1_024 });
		expect(parseServerKeyExchange(Buffer.of(0, 1, 0x03), "dhe")).toEqual({ kind: "field", bits: 2 });
	});
});

describe("MessageAssembler", () => {
	it("gives the same messages however the records are cut", () => {
		const message = fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 300 }));
		fc.assert(
			fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 50 })), (messages, cuts) => {
				const stream = Buffer.concat(
					messages.map(([type, body]) =>
						Buffer.concat([Buffer.of(type, 0, body.length >> 8, body.length & 255), body]),
					),
				);
				const assembler = new MessageAssembler(100_000);
				const seen: { type: number; body: Buffer }[] = [];
				let at = 0;
				for (const cut of [...cuts, stream.length]) {
					seen.push(...(assembler.push(stream.subarray(at, at + cut)) ?? []));
					at += cut;
				}
				expect(seen.map(({ type, body }) => [type, [...body]])).toEqual(messages.map(([t, b]) => [t, [...b]]));
			}),
		);
	});

	it("refuses a message that announces more than is ever read", () => {
		expect(new MessageAssembler(1_000).push(Buffer.of(11, 0xff, 0xff, 0xff))).toBeNull();
	});
});

describe("cipher suites", () => {
	it.each([
		[0x000a, { name: "TLS_RSA_WITH_3DES_EDE_CBC_SHA", bits: 112, forwardSecrecy: false, aead: false }],
		[0x0003, { name: "TLS_RSA_EXPORT_WITH_RC4_40_MD5", bits: 40, export: true }],
		[0x0008, { name: "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", bits: 40, export: true }],
		[0x0009, { name: "TLS_RSA_WITH_DES_CBC_SHA", bits: 56, export: false }],
		[0x0002, { name: "TLS_RSA_WITH_NULL_SHA", bits: 0 }],
		[0x0018, { name: "TLS_DH_anon_WITH_RC4_128_MD5", bits: 128, anonymous: true }],
		[0xc02f, { name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", bits: 128, forwardSecrecy: true, aead: true }],
		[0xcca8, { name: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", bits: 256, aead: true }],
		[0x1301, { name: "TLS_AES_128_GCM_SHA256", bits: 128, forwardSecrecy: true, tls13: true }],
		[0x009e, { name: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", exchange: "dhe" }],
		[0xc0af, { name: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", bits: 256, aead: true }],
		[0xd005, { name: "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256", exchange: "other" }],
	])("0x%s is described by its name", (id, expected) => {
		expect(findCipher(id)).toMatchObject(expected);
	});

	it("are all offered once, in one family or the other", () => {
		const all = [...ciphersToOffer(false), ...ciphersToOffer(true)];
		expect(new Set(all).size).toBe(all.length);
		expect(all.length).toBeGreaterThan(350);
	});
});

describe("clientHello", () => {
	it.each(Object.keys(versionNumbers) as (keyof typeof versionNumbers)[])("is one whole record in %s", (version) => {
		const hello = clientHello({ version, ciphers: ciphersToOffer(version === "TLSv1.3"), hostname: "a.test" });
		const header = parseRecordHeader(hello);
		expect(header).toMatchObject({ type: "handshake", length: hello.length - 5 });
		const [message] = new MessageAssembler(100_000).push(hello.subarray(5)) ?? [];
		expect(message?.type).toBe(1);
		expect(message?.body.length).toBe(hello.length - 9);
	});

	it("names no server by its address", () => {
		const hello = clientHello({ version: "TLSv1.2", ciphers: [0xc02f], hostname: "192.0.2.1" });
		expect(hello.includes("192.0.2.1")).toBe(false);
	});

	it("of SSL 2.0 counts its own length", () => {
		const hello = sslv2Hello();
		expect(hello.readUInt16BE(0) & 0x7fff).toBe(hello.length - 2);
	});
});
