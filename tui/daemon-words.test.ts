import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readDaemonWords } from "./daemon-words.ts";

test.each([
	["", { background: false, listener: null }],
	["--background", { background: true, listener: null }],
	[
		"--listen 127.0.0.1:0",
		{ background: false, listener: { address: "127.0.0.1:0", tls: false, certificate: null, key: null } },
	],
	[
		"--tls --listen [::]:1 --cert c.pem --key k.pem",
		{
			background: false,
			listener: { address: "[::]:1", tls: true, certificate: resolve("c.pem"), key: resolve("k.pem") },
		},
	],
	["start", null],
	["--help", null],
	["--listen", null],
	["--listen --tls", null],
	["--tls", null],
	["--cert c.pem --key k.pem", null],
	["--background stop", null],
])("%s", (words, expected) => {
	expect(readDaemonWords(words === "" ? [] : words.split(" "))).toEqual(expected);
});
