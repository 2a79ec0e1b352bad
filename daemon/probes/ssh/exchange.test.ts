import { describe, expect, test } from "vitest";
import { chooseHostKeys, chooseMethod, gexInitPayload, kexInitPayload, packetOf } from "./exchange.ts";
import { mpintBits, parseKexInit, parsePacket } from "./parse.ts";

const offered = ["sntrup761x25519-sha512", "curve25519-sha256", "diffie-hellman-group-exchange-sha256", "made-up"];

describe("method", () => {
	test("the cheapest both know, unless the group is wanted", () => {
		expect(chooseMethod(offered, false)?.name).toBe("curve25519-sha256");
		expect(chooseMethod(offered, true)?.name).toBe("diffie-hellman-group-exchange-sha256");
		expect(chooseMethod(["diffie-hellman-group-exchange-sha1"], false)?.kind).toBe("gex");
		expect(chooseMethod(["made-up"], true)).toBeNull();
	});

	test.each([
		["curve25519-sha256", 32],
		["ecdh-sha2-nistp256", 65],
		["ecdh-sha2-nistp521", 133],
		["mlkem768x25519-sha256", 1_216],
		["sntrup761x25519-sha512@openssh.com", 1_190],
	])("the public value of %s has %i bytes", (name, size) => {
		expect(chooseMethod([name], false)?.publicValue()).toHaveLength(size);
	});

	test.each([
		["diffie-hellman-group1-sha1", 1_024],
		["diffie-hellman-group14-sha256", 2_048],
		["diffie-hellman-group18-sha512", 8_192],
	])("the public value of %s is a positive number below its modulus", (name, bits) => {
		for (let i = 0; i < 50; i += 1) {
			const value = chooseMethod([name], false)!.publicValue();
			expect(value[0]! & 0x80).toBe(0);
			expect(mpintBits(value)).toBeLessThan(bits);
			expect(mpintBits(value)).toBeGreaterThan(bits - 60);
		}
	});

	test("a modulus of any claimed size gets an answer of bounded size", () => {
		for (const bits of [0, 1, 7, 1_023, 1_025, 320_000]) expect(gexInitPayload(bits).length).toBeLessThan(2_100);
	});
});

describe("host keys", () => {
	test("one algorithm a key, in the server's order", () => {
		const algorithms = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519", "x509v3-x"];
		expect(chooseHostKeys(algorithms)).toEqual(["rsa-sha2-512", "ecdsa-sha2-nistp256", "ssh-ed25519"]);
	});

	test("certificates only when there is no plain key", () => {
		const certificate = "ssh-ed25519-cert-v01@openssh.com";
		expect(chooseHostKeys([certificate, "ssh-ed25519"])).toEqual(["ssh-ed25519"]);
		expect(chooseHostKeys([certificate])).toEqual([certificate]);
	});
});

test("our KEXINIT reads back with one choice and the server's lists, in a well-formed packet", () => {
	const server = {
		kex: offered,
		hostKeyAlgorithms: ["ssh-ed25519"],
		ciphers: ["a", "b"],
		macs: ["c"],
		compression: ["none"],
	};
	const packet = packetOf(kexInitPayload({ ...server, strictKex: false }, "curve25519-sha256", "ssh-ed25519"));
	expect(packet.length % 8).toBe(0);
	const read = parsePacket(packet);
	expect(read.kind === "packet" && parseKexInit(read.payload)).toEqual({
		...server,
		kex: ["curve25519-sha256"],
		strictKex: false,
	});
});
