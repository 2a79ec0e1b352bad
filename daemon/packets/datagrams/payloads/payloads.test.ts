/** What is sent over UDP, held against the specifications field by field, and against decoders of others where there are any. */
import { decode } from "dns-packet";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseUdpPorts } from "../../../scope/ports.ts";
import * as applications from "./applications.ts";
import { integer, join, tlv, u16, u32 } from "./bytes.ts";
import * as directories from "./directories.ts";
import { payloadsOf } from "./index.ts";
import * as management from "./management.ts";
import * as names from "./names.ts";
import * as tunnels from "./tunnels.ts";

const view = (bytes: Uint8Array) => Buffer.from(bytes);
const text = (bytes: Uint8Array) => view(bytes).toString("latin1");

/** Elements of a DER sequence, and theirs: tags and contents. Throws when lengths do not add up. */
function readDer(bytes: Buffer): { tag: number; content: Buffer }[] {
	const found: { tag: number; content: Buffer }[] = [];
	for (let at = 0; at < bytes.length; ) {
		const tag = bytes.readUInt8(at);
		let length = bytes.readUInt8(at + 1);
		let start = at + 2;
		if (length > 0x80) {
			const size = length & 0x7f;
			length = bytes.readUIntBE(start, size);
			start += size;
		}
		if (start + length > bytes.length) throw new RangeError("an element is longer than what holds it");
		const content = bytes.subarray(start, start + length);
		if ((tag & 0x20) !== 0) readDer(content);
		found.push({ tag, content });
		at = start + length;
	}
	return found;
}

test("every port has something to send, bounded, and the light set has words of its own for nearly all", () => {
	const light = parseUdpPorts("light");
	for (const port of [...parseUdpPorts("standard"), 65_535]) {
		const payloads = payloadsOf(port);
		expect(payloads.length).toBeGreaterThan(0);
		for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(1_400);
	}
	const empty = light.filter((port) => payloadsOf(port)[0]?.length === 0);
	// DHCP would hand out an address, and Apple's remote desktop has no public specification.
	expect(empty).toEqual([67, 3_283]);
	expect(payloadsOf(514)[0]).toHaveLength(0);
	expect(payloadsOf(161)).toHaveLength(3);
});

test("questions to name servers are what a DNS decoder reads", () => {
	expect(decode(view(names.dnsVersion()))).toMatchObject({
		flag_rd: false,
		questions: [{ name: "version.bind", type: "TXT", class: "CH" }],
	});
	expect(decode(view(names.mdnsServices()))).toMatchObject({
		id: 0,
		questions: [{ name: "_services._dns-sd._udp.local", type: "PTR" }],
	});
	// The answer is asked for by unicast.
	expect(view(names.mdnsServices()).readUInt16BE(names.mdnsServices().length - 2)).toBe(0x8001);
	expect(decode(view(names.llmnrQuestion()))).toMatchObject({ questions: [{ name: "wpad", type: "A" }] });
});

test("NetBIOS, SSDP, WS-Discovery and SLP", () => {
	const status = view(names.netbiosStatus());
	expect(status).toHaveLength(50);
	expect(status.toString("latin1", 13, 45)).toBe(`CK${"A".repeat(30)}`);
	expect([status.readUInt16BE(46), status.readUInt16BE(48)]).toEqual([0x21, 1]);
	expect(text(names.ssdpSearch())).toMatch(/^M-SEARCH \* HTTP\/1\.1\r\n(.+\r\n)+\r\n$/);
	expect(text(names.wsDiscoveryProbe())).toMatch(/^<\?xml .*<d:Probe\/><\/s:Body><\/s:Envelope>$/);
	const slp = view(names.slpTypes());
	expect([slp[0], slp[1], slp.readUIntBE(2, 3)]).toEqual([2, 9, slp.length]);
});

test("SNMP, CLDAP and Kerberos are well-formed to the last element", () => {
	for (const message of [management.snmpGet(0, "public"), management.snmpGet(1, "private")]) {
		const [whole] = readDer(view(message));
		expect(readDer(whole?.content ?? Buffer.alloc(0)).map(({ tag }) => tag)).toEqual([0x02, 0x04, 0xa0]);
	}
	const [discovery] = readDer(view(management.snmpDiscovery()));
	const parts = readDer(discovery?.content ?? Buffer.alloc(0));
	expect(parts.map(({ tag }) => tag)).toEqual([0x02, 0x30, 0x04, 0x30]);
	expect(readDer(readDer(parts[2]?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0))).toHaveLength(6);
	const [search] = readDer(view(directories.cldapRoot()));
	expect(readDer(search?.content ?? Buffer.alloc(0)).map(({ tag }) => tag)).toEqual([0x02, 0x63]);
	const [request] = readDer(view(directories.kerberosRequest()));
	expect(request?.tag).toBe(0x6a);
	const [sequence] = readDer(request?.content ?? Buffer.alloc(0));
	expect(readDer(sequence?.content ?? Buffer.alloc(0)).map(({ tag }) => tag)).toEqual([0xa1, 0xa2, 0xa4]);
});

test("IPMI, ASF, NTP, RPC and the other short ones", () => {
	const ipmi = view(management.ipmiCapabilities());
	expect(ipmi).toHaveLength(14 + 9);
	expect(ipmi[13]).toBe(9);
	// Both checksums make their parts add up to nothing.
	const sum = (from: number, to: number) => ipmi.subarray(from, to).reduce((total, byte) => total + byte, 0) & 255;
	expect([sum(14, 17), sum(17, 23)]).toEqual([0, 0]);
	expect(management.asfPing()).toHaveLength(12);
	expect(management.ntpQuestion()).toHaveLength(48);
	expect(management.ntpQuestion()[0]).toBe(0x23);
	const rpc = view(management.rpcNull(100_000, 2));
	expect([0, 4, 8, 12, 16, 20].map((at) => rpc.readUInt32BE(at))).toEqual([0x76656465, 0, 2, 100_000, 2, 0]);
	expect(rpc).toHaveLength(40);
	expect(management.xdmcpQuery()).toEqual(Uint8Array.of(0, 1, 0, 2, 0, 1, 0));
	expect(management.ripTable()).toHaveLength(24);
	expect(management.natPmpAddress()).toHaveLength(2);
	expect(management.sqlBrowser()).toEqual(Uint8Array.of(3));
	expect(management.ubiquitiDiscovery()).toHaveLength(4);
});

test("IKE, L2TP, OpenVPN, RADIUS, DTLS, QUIC, STUN, GTP and RDP have lengths that agree with themselves", () => {
	const ike = view(tunnels.ikeOffer());
	expect(ike.readUInt32BE(24)).toBe(ike.length);
	expect(ike.readUInt16BE(30)).toBe(ike.length - 28);
	expect(view(tunnels.ikeBehindNat()).subarray(4)).toEqual(ike);
	const l2tp = view(tunnels.l2tpStart());
	expect([l2tp.readUInt16BE(0), l2tp.readUInt16BE(2)]).toEqual([0xc802, l2tp.length]);
	expect(tunnels.openVpnReset()).toHaveLength(14);
	const radius = view(tunnels.radiusStatus());
	expect([radius[0], radius.readUInt16BE(2), radius[20], radius[21]]).toEqual([12, radius.length, 80, 18]);
	const dtls = view(tunnels.dtlsHello());
	expect([dtls.readUInt16BE(11), dtls.readUIntBE(14, 3)]).toEqual([dtls.length - 13, dtls.length - 25]);
	expect(dtls.readUIntBE(22, 3)).toBe(dtls.length - 25);
	const quic = view(tunnels.quicVersions());
	expect(quic).toHaveLength(1_200);
	// RFC 9000 section 15: reserved to make the other side negotiate.
	expect(quic.readUInt32BE(1) & 0x0f0f0f0f).toBe(0x0a0a0a0a);
	const stun = view(tunnels.stunBinding());
	expect([stun.length, stun.readUInt16BE(0), stun.readUInt32BE(4)]).toEqual([20, 1, 0x2112a442]);
	expect(view(tunnels.gtpEcho()).readUInt16BE(2)).toBe(tunnels.gtpEcho().length - 8);
	expect(tunnels.rdpSyn()).toHaveLength(1_232);
});

test("TFTP, SIP, CoAP, BACnet, KNX and the others", () => {
	expect(text(applications.tftpRead())).toMatch(/^\0\x01[\w-]+\0octet\0$/);
	expect(text(applications.sipOptions())).toMatch(/^OPTIONS sip:\S+ SIP\/2\.0\r\n([A-Z][\w-]+: .+\r\n)+\r\n$/);
	expect(text(applications.mgcpAudit())).toMatch(/^AUEP 1 \S+ MGCP 1\.0\r\n/);
	expect(text(applications.memcachedVersion())).toBe("\0\x01\0\0\0\x01\0\0version\r\n");
	expect(text(applications.coapCore())).toContain(".well-known\x04core");
	expect(view(applications.bacnetDevice()).readUInt16BE(2)).toBe(applications.bacnetDevice().length);
	expect(view(applications.knxDescription()).readUInt16BE(4)).toBe(applications.knxDescription().length);
	expect(applications.cipIdentity()).toHaveLength(24);
	expect(text(applications.gameInfo())).toBe("\xff\xff\xff\xffTSource Engine Query\0");
	expect(applications.rakNetPing()).toHaveLength(33);
	expect(applications.mumblePing()).toHaveLength(12);
	expect(applications.sentinelQuery()).toHaveLength(6);
});

test("numbers and elements read back as they were written", () => {
	fc.assert(
		fc.property(fc.nat(0xffffffff), fc.nat(0xffff), fc.uint8Array({ maxLength: 600 }), (wide, narrow, bytes) => {
			expect(view(u32(wide)).readUInt32BE(0)).toBe(wide);
			expect(view(u16(narrow)).readUInt16BE(0)).toBe(narrow);
			const [element] = readDer(view(tlv(0x04, bytes)));
			expect(element?.content.equals(bytes)).toBe(true);
			expect(join(bytes, bytes)).toHaveLength(bytes.length * 2);
		}),
	);
	fc.assert(
		fc.property(fc.nat(0x7fffffff), (value) => {
			const [element] = readDer(view(integer(value)));
			expect(element?.content.readIntBE(0, element.content.length)).toBe(value);
		}),
	);
});
