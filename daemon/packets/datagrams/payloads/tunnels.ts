/** First words of what tunnels and secures: IKE, L2TP, OpenVPN, RADIUS, DTLS, QUIC, STUN, GTP, RDP. Pure. */
import { createHmac } from "node:crypto";
import { ascii, hex, join, u16, u32, zeroes } from "./bytes.ts";

const ours = u32(0x76656465, 0x74746501);

/** IKEv1 main mode offer of one transform (RFC 2408 section 3, RFC 2409 appendix A): a daemon takes or refuses it. */
export function ikeOffer(): Uint8Array {
	// 3DES, SHA-1, pre-shared key, group 2, seconds, 28,800.
	const attributes = u16(0x8001, 5, 0x8002, 2, 0x8003, 1, 0x8004, 2, 0x800b, 1, 0x800c, 28_800);
	const transform = join(Uint8Array.of(0, 0), u16(8 + attributes.length), Uint8Array.of(1, 1, 0, 0), attributes);
	const proposal = join(Uint8Array.of(0, 0), u16(8 + transform.length), Uint8Array.of(1, 1, 0, 1), transform);
	const association = join(Uint8Array.of(0, 0), u16(12 + proposal.length), u32(1, 1), proposal);
	const header = join(ours, zeroes(8), Uint8Array.of(1, 0x10, 2, 0), zeroes(4), u32(28 + association.length));
	return join(header, association);
}

/** The same where NAT is crossed (RFC 3948 section 2.2): four zero bytes tell it from ESP. */
export function ikeBehindNat(): Uint8Array {
	return join(zeroes(4), ikeOffer());
}

/** L2TP (RFC 2661 section 6.1): Start-Control-Connection-Request with what it must have. */
export function l2tpStart(): Uint8Array {
	const pair = (type: number, value: Uint8Array) => join(u16(0x8000 | (6 + value.length), 0, type), value);
	const pairs = join(
		pair(0, u16(1)),
		pair(2, u16(0x0100)),
		pair(7, ascii("vedette")),
		pair(3, u32(3)),
		pair(9, u16(0x7665)),
	);
	return join(u16(0xc802, 12 + pairs.length, 0, 0, 0, 0), pairs);
}

/** OpenVPN: P_CONTROL_HARD_RESET_CLIENT_V2 with key 0, a session, no acknowledgements, packet 0 (OpenVPN protocol, section 4). */
export function openVpnReset(): Uint8Array {
	return join(Uint8Array.of(7 << 3), ours, zeroes(1), u32(0));
}

/** RADIUS Status-Server (RFC 5997) with a message authenticator (RFC 3579 section 3.2) under a secret that is nobody's. */
export function radiusStatus(): Uint8Array {
	const authenticator = hex("76 65 64 65 74 74 65 00 01 02 03 04 05 06 07 08");
	const packet = join(Uint8Array.of(12, 1), u16(38), authenticator, Uint8Array.of(80, 18), zeroes(16));
	const proof = createHmac("md5", "vedette").update(packet).digest();
	return join(packet.subarray(0, 22), proof);
}

/** DTLS ClientHello in version 1.2 (RFC 6347 section 4.2): a server asks for a cookie first. */
export function dtlsHello(): Uint8Array {
	const suites = u16(0xc02b, 0xc02f, 0xc00a, 0xc014, 0x009c, 0x002f, 0x0035, 0x000a, 0xc0a8, 0x00ae);
	const extensions = join(
		...[u16(10, 8, 6, 0x001d, 0x0017, 0x0018), u16(11, 2), Uint8Array.of(1, 0)],
		u16(13, 10, 8, 0x0401, 0x0403, 0x0201, 0x0203),
	);
	const body = join(
		...[hex("fe fd"), ours, ours, ours, ours, Uint8Array.of(0, 0)],
		...[u16(suites.length), suites, Uint8Array.of(1, 0), u16(extensions.length), extensions],
	);
	const size = u32(body.length).subarray(1);
	// Type, length, message 0, fragment from 0 on.
	const handshake = join(Uint8Array.of(1), size, u16(0), zeroes(3), size, body);
	return join(Uint8Array.of(22), hex("fe ff"), u16(0), zeroes(6), u16(handshake.length), handshake);
}

/** QUIC: a long header with a version nobody speaks, in 1,200 bytes, is answered with those the server does (RFC 9000 section 6). */
export function quicVersions(): Uint8Array {
	const head = join(Uint8Array.of(0xc0), hex("1a 2a 3a 4a"), Uint8Array.of(8), ours, Uint8Array.of(8), ours);
	return join(head, zeroes(1_200 - head.length));
}

/** STUN binding request (RFC 8489 section 5). */
export function stunBinding(): Uint8Array {
	return join(u16(1, 0), u32(0x2112a442), ours, u32(0x76656465));
}

/** GTP version 1 echo request with a sequence number (3GPP TS 29.060 section 7.2.1). */
export function gtpEcho(): Uint8Array {
	return hex("32 01 00 04 00 00 00 00 00 01 00 00");
}

/** RDP over UDP: SYN ([MS-RDPEUDP] sections 2.2.2.1 and 2.2.2.5), filled up to its path MTU. */
export function rdpSyn(): Uint8Array {
	const head = join(u32(0xffffffff), u16(1_024, 0x0001), u32(0x76656465), u16(1_232, 1_232));
	return join(head, zeroes(1_232 - head.length));
}
