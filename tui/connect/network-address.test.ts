import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { readNetworkAddress } from "./network-address.ts";

test.each([
	[
		"wss://scanner.example",
		{ host: "scanner.example", port: 7443, isEncrypted: true, url: "wss://scanner.example:7443" },
	],
	["WSS://Scanner.Example:443/", { host: "scanner.example", port: 443, url: "wss://scanner.example:443" }],
	["wss://[2001:db8::1]:8443", { host: "2001:db8::1", url: "wss://[2001:db8::1]:8443" }],
	["ws://127.0.0.1:7443", { host: "127.0.0.1", isEncrypted: false }],
	["ws://localhost", { host: "localhost", isEncrypted: false }],
	["ws://[::1]:1", { host: "::1", port: 1 }],
])("%s", (text, expected) => {
	expect(readNetworkAddress(text)).toMatchObject(expected);
});

test.each([
	["wss://"],
	["wss://host:0"],
	["wss://host:65536"],
	["wss://host/path"],
	["wss://user@host"],
	["wss://-oProxyCommand=x"],
	["wss://2001:db8::1"],
	["wss://[host]"],
	["wss://host name"],
	["wss://host\u001b[31m"],
	["https://host"],
	["ws://scanner.example:7443"],
	["ws://127.0.0.1.evil.example"],
	["ws://192.0.2.1"],
	["ws://128.0.0.1"],
])("%s is refused", (text) => {
	expect(() => readNetworkAddress(text)).toThrow(AppError);
});

test("any text is an address or is refused, and in the clear only this machine is spoken to", () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.webUrl({ validSchemes: ["ws", "wss"] }),
				fc.ipV4().map((ip) => `ws://${ip}`),
			),
			(text) => {
				try {
					const { isEncrypted, host } = readNetworkAddress(text);
					expect(isEncrypted || /^(127\.|::1$|localhost$)/.test(host)).toBe(true);
				} catch (err) {
					expect(err).toBeInstanceOf(AppError);
				}
			},
		),
	);
});
