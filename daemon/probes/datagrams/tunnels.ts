/** Answers of what tunnels and secures: IKE, L2TP, OpenVPN, RADIUS, DTLS, QUIC, STUN, CoAP, GTP, RDP. Pure. */
import type { Recogniser } from "./named-datagram.ts";
import { startsWith } from "./named-datagram.ts";

/** What our own packets carried and answers give back. */
const ours = "7665646574746501";

/** IKE (RFC 2408 section 3.1, RFC 7296 section 3.1): our cookie in front, on port 4500 after four zero bytes. */
export const ike: Recogniser = {
	read(bytes) {
		const message = startsWith(bytes, "00000000") ? bytes.subarray(4) : bytes;
		if (message.length < 28 || !startsWith(message, ours)) return null;
		const major = (message[17] ?? 0) >> 4;
		return major === 1 || major === 2 ? { name: "ike", version: String(major) } : null;
	},
};

/** L2TP control message (RFC 2661 section 3.1) that begins with a message type. */
export const l2tp: Recogniser = {
	read(bytes) {
		if (bytes.length < 20 || (bytes.readUInt16BE(0) & 0xcb0f) !== 0xc802) return null;
		if (bytes.readUInt16BE(2) > bytes.length || bytes.readUInt16BE(16) !== 0) return null;
		let vendor: string | null = null;
		for (let at = 12; at + 6 <= bytes.length; ) {
			const length = bytes.readUInt16BE(at) & 0x3ff;
			if (length < 6 || at + length > bytes.length) break;
			if (bytes.readUInt16BE(at + 4) === 8) vendor = bytes.toString("latin1", at + 6, at + length);
			at += length;
		}
		return { name: "l2tp", info: vendor };
	},
};

/** OpenVPN: P_CONTROL_HARD_RESET_SERVER_V2 with key 0. */
export const openVpn: Recogniser = {
	read(bytes) {
		if (bytes.length < 14 || bytes[0] !== 8 << 3) return null;
		return bytes.includes(Buffer.from(ours, "hex")) ? { name: "openvpn" } : null;
	},
};

/** RADIUS (RFC 2865 section 3) with our identifier: accept, reject, accounting response, challenge. */
export const radius: Recogniser = {
	ports: [1_645, 1_646, 1_812, 1_813],
	read(bytes) {
		if (bytes.length < 20 || bytes[1] !== 1 || ![2, 3, 5, 11].includes(bytes[0] ?? 0)) return null;
		return bytes.readUInt16BE(2) === bytes.length ? { name: "radius" } : null;
	},
};

/** A DTLS record (RFC 6347 section 4.1): a handshake message or an alert. */
export const dtls: Recogniser = {
	read(bytes) {
		if (bytes.length < 15 || bytes[1] !== 0xfe || ![0xff, 0xfd].includes(bytes[2] ?? 0)) return null;
		if (bytes.readUInt16BE(11) > bytes.length - 13) return null;
		if (bytes[0] === 21) return { name: "dtls" };
		return bytes[0] === 22 && [2, 3].includes(bytes[13] ?? 0) ? { name: "dtls" } : null;
	},
};

/** QUIC version negotiation (RFC 9000 section 17.2.1) to our connection: what the server speaks. */
export const quic: Recogniser = {
	read(bytes) {
		if (bytes.length < 27 || ((bytes[0] ?? 0) & 0x80) === 0 || bytes.readUInt32BE(1) !== 0) return null;
		const first = bytes[5] ?? 0;
		if (first !== 8 || bytes.subarray(6, 14).toString("hex") !== ours) return null;
		const at = 15 + (bytes[14] ?? 0);
		const versions: string[] = [];
		for (let i = at; i + 4 <= bytes.length && versions.length < 16; i += 4)
			versions.push(quicVersion(bytes.readUInt32BE(i)));
		return versions.length === 0 ? null : { name: "quic", info: `versions ${versions.join(", ")}` };
	},
};

function quicVersion(version: number): string {
	if (version === 1) return "1";
	if (version === 0x6b3343cf) return "2";
	return version >>> 8 === 0xff0000 ? `draft-${version & 255}` : `0x${version.toString(16).padStart(8, "0")}`;
}

/** STUN (RFC 8489 sections 5 and 14.14): success or error response to our transaction, with what software it is. */
export const stun: Recogniser = {
	read(bytes) {
		if (bytes.length < 20 || ![0x0101, 0x0111].includes(bytes.readUInt16BE(0))) return null;
		if (bytes.readUInt32BE(4) !== 0x2112a442 || !startsWith(bytes.subarray(8), ours)) return null;
		for (let at = 20; at + 4 <= bytes.length; ) {
			const length = bytes.readUInt16BE(at + 2);
			if (bytes.readUInt16BE(at) === 0x8022)
				return { name: "stun", info: bytes.toString("latin1", at + 4, at + 4 + length) };
			at += 4 + ((length + 3) & ~3);
		}
		return { name: "stun" };
	},
};

/** CoAP (RFC 7252 section 3): acknowledgement or reset of our message. */
export const coap: Recogniser = {
	read(bytes) {
		const [first = 0, code = 0] = bytes;
		if (bytes.length < 4 || bytes.readUInt16BE(2) !== 0x7665 || ![0x60, 0x70].includes(first & 0xf0)) return null;
		const payload = bytes.indexOf(0xff, 4);
		if (payload < 0 || code !== 0x45) return { name: "coap" };
		return { name: "coap", info: bytes.toString("latin1", payload + 1, payload + 161) };
	},
};

/** GTP echo response (3GPP TS 29.060 section 7.2.2). */
export const gtp: Recogniser = {
	ports: [2_123, 2_152],
	read: (bytes) =>
		bytes.length >= 8 && ((bytes[0] ?? 0) & 0xe0) === 0x20 && bytes[1] === 2 ? { name: "gtp", version: "1" } : null,
};

/** RDP over UDP: SYN and ACK of our sequence number ([MS-RDPEUDP] section 2.2.2.1). */
export const rdpUdp: Recogniser = {
	read(bytes) {
		if (bytes.length < 16 || bytes.readUInt32BE(0) !== 0x76656465) return null;
		return (bytes.readUInt16BE(6) & 0x0005) === 0x0005 ? { name: "rdp-udp" } : null;
	},
};
