/** Answers of applications over UDP: files, calls, caches, buildings, plants, games. Pure. */
import { headerOf, type Recogniser, softwareIn, startsWith } from "./named-datagram.ts";

/** TFTP (RFC 1350 section 5, RFC 2347): data, an error, or options acknowledged. */
export const tftp: Recogniser = {
	ports: [69],
	read(bytes) {
		if (bytes.length < 4 || bytes[0] !== 0 || ![3, 5, 6].includes(bytes[1] ?? 0)) return null;
		if (bytes[1] !== 5) return { name: "tftp" };
		const end = bytes.indexOf(0, 4);
		return { name: "tftp", info: bytes.toString("latin1", 4, end < 0 ? bytes.length : end) };
	},
};

/** SIP response (RFC 3261 section 7.2). */
export const sip: Recogniser = {
	read(bytes) {
		const text = bytes.toString("latin1");
		if (!/^SIP\/2\.0 [1-6]\d\d /.test(text)) return null;
		const software = headerOf(text, "server", "user-agent") ?? "";
		const known = softwareIn(software);
		if (known.product !== null) return { name: "sip", ...known, info: software };
		// Some write the version after a blank or a dash.
		const [, product = null, version = null] = /^([A-Za-z][\w. ]{0,40}?)[ -]v?(\d[\w.+~-]{0,40})/.exec(software) ?? [];
		return { name: "sip", product: product ?? software, version, info: software };
	},
};

/** MGCP response (RFC 3435 section 3.3) to our transaction 1. */
export const mgcp: Recogniser = {
	ports: [2_427],
	read: (bytes) => (/^[1-9]\d\d 1(?: |\r|\n)/.test(bytes.toString("latin1", 0, 16)) ? { name: "mgcp" } : null),
};

/** memcached over UDP: our request's number, one datagram, then the text protocol. */
export const memcached: Recogniser = {
	read(bytes) {
		if (bytes.length < 12 || !startsWith(bytes, "00010000")) return null;
		const text = bytes.toString("latin1", 8, 128);
		const version = /^VERSION ([^\r\n]{1,40})\r\n/.exec(text)?.[1];
		if (version !== undefined) return { name: "memcached", product: "memcached", version };
		return /^(?:ERROR|CLIENT_ERROR|SERVER_ERROR)/.test(text) ? { name: "memcached", product: "memcached" } : null;
	},
};

/** BACnet/IP (ASHRAE 135 annex J): a unicast or broadcast NPDU of version 1. */
export const bacnet: Recogniser = {
	read(bytes) {
		if (bytes.length < 8 || bytes[0] !== 0x81 || ![0x0a, 0x0b].includes(bytes[1] ?? 0) || bytes[4] !== 1) return null;
		if (bytes.readUInt16BE(2) !== bytes.length) return null;
		// Context tag 3 with the object identifier: device and its instance.
		const at = bytes.indexOf(Buffer.from("3ec4", "hex"));
		const id = at >= 0 && at + 6 <= bytes.length ? bytes.readUInt32BE(at + 2) : null;
		return { name: "bacnet", info: id === null || id >>> 22 !== 8 ? null : `device ${id & 0x3fffff}` };
	},
};

/** KNXnet/IP description response (core section 7.7.2): the device's name is at the end of its first block. */
export const knx: Recogniser = {
	read(bytes) {
		if (!startsWith(bytes, "06100204") || bytes.length < 60) return null;
		const end = bytes.indexOf(0, 30);
		return { name: "knxnet-ip", info: bytes.toString("latin1", 30, end < 0 ? 60 : Math.min(end, 60)) };
	},
};

/** EtherNet/IP identity (CIP volume 2 section 2-4.2.3): the product name with its length before it. */
export const cip: Recogniser = {
	read(bytes) {
		if (bytes.length < 63 || bytes.readUInt16LE(0) !== 0x63 || bytes.readUInt32LE(8) !== 0) return null;
		const length = bytes[62] ?? 0;
		return {
			name: "ethernet-ip",
			product: bytes.toString("latin1", 63, 63 + length),
			version: `${bytes[56]}.${bytes[57]}`,
		};
	},
};

/** Valve's game servers: information, or a challenge first. */
export const sourceGame: Recogniser = {
	read(bytes) {
		if (!startsWith(bytes, "ffffffff") || bytes.length < 6) return null;
		if (bytes[4] === 0x41) return { name: "source-game" };
		if (bytes[4] !== 0x49) return null;
		const end = bytes.indexOf(0, 6);
		return { name: "source-game", info: bytes.toString("latin1", 6, end < 0 ? 80 : Math.min(end, 80)) };
	},
};
