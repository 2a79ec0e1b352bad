/** Answers of real servers, captured, and made after the specifications; and whatever else a hostile one may send. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { nameDatagram } from "./name.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const latin = (text: string) => Buffer.from(text, "latin1");
const ours = "7665646574746501";
const netbios = Buffer.concat([
	hex(`7665 8400 0000 0001 0000 0000 20 434b${"41".repeat(30)} 00 0021 0001 00000000 0035 02`),
	...[latin("FILES          \0"), hex("0400"), latin("LAB            \0"), hex("8400")],
]);
const knx = Buffer.concat([hex(`0610 0204 0044 36 01 ${"00".repeat(22)}`), latin("Hall\0".padEnd(38, "\0"))]);
const cip = Buffer.concat([hex(`63 00 28 00 ${"00".repeat(52)} 02 0b ${"00".repeat(4)} 05`), latin("PLC-5")]);

test.each([
	[5060, latin("SIP/2.0 200 OK\r\nServer: Asterisk PBX 18.9.0\r\n\r\n"), ["sip", "Asterisk PBX", "18.9.0"]],
	[5060, latin("SIP/2.0 404 Not Found\r\nUser-Agent: Kamailio/5.6\r\n\r\n"), ["sip", "Kamailio", "5.6"]],
	[
		1900,
		latin("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nSERVER: Linux/5.4 UPnP/1.1 MiniUPnPd/2.2.1\r\n\r\n"),
		["ssdp", "MiniUPnPd", "2.2.1"],
	],
	[3702, latin('<e xmlns:d="http://x/discovery"><d:ProbeMatches/></e>'), ["ws-discovery", null, null]],
	[11_211, latin("\0\x01\0\0\0\x01\0\0VERSION 1.6.18\r\n"), ["memcached", "memcached", "1.6.18"]],
	[2427, latin("510 1 no such endpoint\r\n"), ["mgcp", null, null]],
	[443, hex(`80 00000000 08 ${ours} 08 ${ours} 00000001 ff00001d`), ["quic", null, null]],
	[5684, hex("16 feff 0000 000000000000 0003 03 0000"), ["dtls", null, null]],
	[3478, hex(`0101 0008 2112a442 ${ours} 76656465 8022 0004 41626331`), ["stun", null, null]],
	[500, hex(`${ours} 0102030405060708 0b 10 05 00 00000000 0000001c`), ["ike", null, "1"]],
	[4500, hex(`00000000 ${ours} 0102030405060708 29 20 22 20 00000000 0000001c`), ["ike", null, "2"]],
	[623, hex("0600ff06 000011be 4001 0010 0000000000000000 81 00 0000 0000"), ["ipmi", null, null]],
	[623, hex("0600ff07 00 0000000000000000 10 81 1c 63 20 00 38 00 01 97 04 03 000000 00 00"), ["ipmi", null, "2.0"]],
	[111, hex(`76656465 00000001 00000000 00000000 00000000 00000000`), ["rpcbind", null, null]],
	[32_771, hex(`76656465 00000001 00000001 00000000 00000002 00000002`), ["rpc", null, null]],
	[161, hex("3070 020103 3011 0204766564650203 00ffe3 040100 020103 0410"), ["snmp", null, null]],
	[389, hex("300c 020101 6507 0a0100 0400 0400"), ["cldap", null, null]],
	[88, hex("7e3a 3038 a003020105 a10302011e a411180f32303337303130313030"), ["kerberos", null, null]],
	[137, netbios, ["netbios-ns", null, null]],
	[5353, hex("0000 8400 0000 0002 0000 0000"), ["mdns", null, null]],
	[
		427,
		Buffer.concat([hex("02 0a 00001d 0000 000000 7665 0002 656e 0000 0009"), latin("service:x")]),
		["slp", null, null],
	],
	[47_808, hex("810a 0017 0100 30 01 0c 0c 023fffff 194b 3e c40200007b 3f").subarray(0, 23), ["bacnet", null, null]],
	[3671, knx, ["knxnet-ip", null, null]],
	[44_818, cip, ["ethernet-ip", "PLC-5", "2.11"]],
	[27_015, latin("\xff\xff\xff\xffI\x11A server\0map\0"), ["source-game", null, null]],
	[
		1434,
		latin("\x05\x40\0ServerName;DB;InstanceName;SQLEXPRESS;IsClustered;No;Version;15.0.2000.5;;"),
		["ms-sql-browser", "Microsoft SQL Server", "15.0.2000.5"],
	],
	[3389, hex(`76656465 0400 0005 00000001 04d004d0`), ["rdp-udp", null, null]],
	[1701, hex("c802 001c 7665 0000 0000 0001 8008 0000 0000 0002 8008 0000 0008 4142"), ["l2tp", null, null]],
	[1194, hex(`40 a1a2a3a4a5a6a7a8 01 00000000 ${ours} 00000000`), ["openvpn", null, null]],
	[1812, hex(`02 01 0014 ${"00".repeat(16)}`), ["radius", null, null]],
	[2123, hex("32 02 0006 00000000 0001 0000 0e00"), ["gtp", null, "1"]],
	[5683, Buffer.concat([hex("60 45 7665 c0 ff"), latin("</sensors>")]), ["coap", null, null]],
	[177, hex("0001 0005 0006 0000 0000 0000"), ["xdmcp", null, null]],
	[69, hex("0005 0001 6e6f 00"), ["tftp", null, null]],
	[123, hex(`24 05 03 e9 ${"00".repeat(44)}`), ["ntp", null, null]],
	[520, hex(`02 01 0000 0002 0000 0a000000 ${"00".repeat(8)} 00000001`), ["rip", null, "1"]],
	[5351, hex("0080 0000 00000001 c0000201"), ["nat-pmp", null, null]],
	[10_001, hex("0100 0004 02000100"), ["ubiquiti-discovery", "Ubiquiti", null]],
	[13, latin("Tue Jan  1 00:00:00 2030\r\n"), ["daytime", null, null]],
] as const)("port %i: %s", (port, bytes, [name, product, version]) => {
	expect(nameDatagram(port, bytes)).toMatchObject({ name, product, version });
});

test("what they say besides is kept, without control characters", () => {
	expect(nameDatagram(137, netbios)?.info).toBe("FILES, in LAB");
	expect(nameDatagram(443, hex(`80 00000000 08 ${ours} 08 ${ours} 00000001 6b3343cf ff00001d`))?.info).toBe(
		"versions 1, 2, draft-29",
	);
	expect(nameDatagram(3671, knx)?.info).toBe("Hall");
	const evil = latin("SIP/2.0 200 OK\r\nServer: \x1b[2J\x07evil\r\n\r\n");
	expect(nameDatagram(5060, evil)?.info).toBe("[2J evil");
});

test("bytes of nobody are nobody's", () => {
	expect(nameDatagram(9_999, latin("hello"))).toBeNull();
	expect(nameDatagram(69, latin("hello"))).toBeNull();
	expect(nameDatagram(500, Buffer.alloc(28))).toBeNull();
});

test("any bytes at any port: an answer or none, in printable text, and never an exception", () => {
	const starts = [
		"",
		"0600ff07",
		"0600ff06000011be40",
		"76656465000000010000",
		"30820103020103",
		"c802",
		"80000000000876656465",
		"16feff",
		"0101",
		`${ours}`,
		"ffffffff49",
		"06100204",
		"6300",
		"810a",
		"0001000000010000",
		"7665 8400",
		"05400053657276",
	].map(hex);
	const port = fc.constantFrom(
		7,
		53,
		69,
		88,
		123,
		137,
		177,
		389,
		427,
		500,
		520,
		623,
		1434,
		1701,
		1812,
		3671,
		5353,
		9_999,
	);
	fc.assert(
		fc.property(port, fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }), (port, start, rest) => {
			const found = nameDatagram(port, Buffer.concat([start, rest]));
			for (const text of [found?.product, found?.version, found?.info]) {
				if (text != null) expect(text).toMatch(/^[\x20-\x7e]{1,200}$/);
			}
		}),
		{ numRuns: 20_000 },
	);
});

test("real answers with bits turned over", () => {
	const real = [
		netbios,
		knx,
		cip,
		hex(`80 00000000 08 ${ours} 08 ${ours} 00000001`),
		hex("0600ff07000000000000000000108120 1c6338"),
	];
	fc.assert(
		fc.property(
			fc.constantFrom(...real),
			fc.array(fc.tuple(fc.nat(400), fc.nat(255))),
			fc.nat(400),
			(bytes, flips, cut) => {
				const copy = Buffer.from(bytes.subarray(0, cut));
				for (const [at, value] of flips) if (at < copy.length) copy[at] = value;
				for (const port of [137, 3671, 44_818, 443, 623]) nameDatagram(port, copy);
			},
		),
		{ numRuns: 20_000 },
	);
});
