/** Questions to applications over UDP: files, calls, caches, things, buildings, plants, games. Pure. */
import { ascii, hex, join, u16, u32, zeroes } from "./bytes.ts";

/** TFTP read request (RFC 1350 section 5) for a file that is nowhere: the server says so. */
export function tftpRead(): Uint8Array {
	return join(u16(1), ascii("vedette-asks-and-reads-nothing\0octet\0"));
}

/** SIP OPTIONS (RFC 3261 section 11). */
export function sipOptions(): Uint8Array {
	const lines = [
		"OPTIONS sip:vedette@vedette.invalid SIP/2.0",
		"Via: SIP/2.0/UDP vedette.invalid;branch=z9hG4bK7665646574746501;rport",
		"Max-Forwards: 70",
		"From: <sip:vedette@vedette.invalid>;tag=76656465",
		"To: <sip:vedette@vedette.invalid>",
		"Call-ID: 7665646574746501@vedette.invalid",
		"CSeq: 1 OPTIONS",
		"Contact: <sip:vedette@vedette.invalid>",
		"Accept: application/sdp",
		"Content-Length: 0",
	];
	return ascii(`${lines.join("\r\n")}\r\n\r\n`);
}

/** MGCP AuditEndpoint of all there are (RFC 3435 section 2.3.9). */
export function mgcpAudit(): Uint8Array {
	return ascii("AUEP 1 *@vedette.invalid MGCP 1.0\r\n\r\n");
}

/** memcached over UDP: request 1, datagram 0 of 1 (memcached's protocol.txt, "UDP protocol"), and a command that tells little. */
export function memcachedVersion(): Uint8Array {
	return join(u16(1, 0, 1, 0), ascii("version\r\n"));
}

/** CoAP GET of /.well-known/core (RFC 7252 section 3, RFC 6690). */
export function coapCore(): Uint8Array {
	return join(hex("40 01 76 65 bb"), ascii(".well-known"), hex("04"), ascii("core"));
}

/** BACnet/IP ReadProperty of whichever device this is: its object identifier (ASHRAE 135 clause 15.5, annex J). */
export function bacnetDevice(): Uint8Array {
	return hex("81 0a 00 11 01 04 00 05 01 0c 0c 02 3f ff ff 19 4b");
}

/** KNXnet/IP description request, answered to where it came from (EN 13321-2, core section 7.7). */
export function knxDescription(): Uint8Array {
	return hex("06 10 02 03 00 0e 08 01 00 00 00 00 00 00");
}

/** EtherNet/IP ListIdentity (CIP volume 2 section 2-4.2). */
export function cipIdentity(): Uint8Array {
	return join(hex("63 00"), zeroes(22));
}

/** Sentinel licence manager: what its own tools ask for the list of servers. */
export function sentinelQuery(): Uint8Array {
	return join(ascii("z"), zeroes(5));
}

/** Server query of Valve's games (A2S_INFO in its developer documentation). */
export function gameInfo(): Uint8Array {
	return join(u32(0xffffffff), ascii("TSource Engine Query\0"));
}

/** RakNet unconnected ping, as Minecraft's Bedrock edition answers it. */
export function rakNetPing(): Uint8Array {
	return join(hex("01"), zeroes(8), hex("00 ff ff 00 fe fe fe fe fd fd fd fd 12 34 56 78"), zeroes(8));
}

/** Mumble's ping: type 0 and eight bytes that come back. */
export function mumblePing(): Uint8Array {
	return join(u32(0), u32(0x76656465, 0x74746501));
}

/** For services that answer anything (echo, RFC 862; character generator, RFC 864). */
export function anything(): Uint8Array {
	return ascii("vedette");
}
