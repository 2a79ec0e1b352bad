import { expect, test } from "vitest";
import { readSshAddress, relayCommand } from "./attach.ts";

test.each([
	["web-01", { user: undefined, host: "web-01", port: undefined }],
	["ssh://ana@web-01", { user: "ana", host: "web-01", port: undefined }],
	["ana@web-01.example.org:2222", { user: "ana", host: "web-01.example.org", port: 2222 }],
	["ssh://ana@[2001:db8::7]:2222/", { user: "ana", host: "2001:db8::7", port: 2222 }],
])("%s is an address", (text, expected) => {
	expect(readSshAddress(text)).toEqual(expected);
});

test.each([
	"",
	"-oProxyCommand=x",
	"ana@-oProxyCommand=x",
	"-l@web",
	"a b",
	"web:0",
	"web:70000",
	"wss://web",
	"web/path",
	"ana@corp@web",
])("%j is none", (text) => expect(() => readSshAddress(text)).toThrow("no address of a machine"));

test("what goes there never asks by itself, and quotes the folder it is given", () => {
	const options = { env: {}, ssh: "ssh -J bastion", home: "/srv/it's" };
	const { argv, place } = relayCommand(readSshAddress("ana@web-01:2222"), options, false);
	expect(argv.slice(0, 3)).toEqual(["ssh", "-J", "bastion"]);
	expect(argv).toContain("BatchMode=yes");
	expect(argv.slice(-3)).toEqual(["--", "web-01", "VEDETTE_NO_START=1 VEDETTE_HOME='/srv/it'\\''s' vedette relay"]);
	expect(place).toBe("ssh://ana@web-01:2222");
	expect(relayCommand(readSshAddress("web-01"), { env: {} }, true).argv).not.toContain("BatchMode=yes");
});
