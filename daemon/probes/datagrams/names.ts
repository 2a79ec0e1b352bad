/** Answers of services that know names or tell of themselves: NetBIOS, mDNS, SSDP, WS-Discovery, SLP. Pure. */
import { headerOf, type Recogniser, softwareIn } from "./named-datagram.ts";

/** Node status response (RFC 1002 section 4.2.18): the unique name of type 0 and the group it belongs to. */
export const netbios: Recogniser = {
	ports: [137],
	read(bytes) {
		if (bytes.length < 57 || (bytes.readUInt16BE(2) & 0x8000) === 0) return null;
		if (bytes[12] !== 32 || bytes.readUInt16BE(46) !== 0x21) return null;
		let [machine, group] = ["", ""];
		for (let at = 57, left = bytes[56] ?? 0; left > 0 && at + 18 <= bytes.length; at += 18, left--) {
			if (bytes[at + 15] !== 0) continue;
			const name = bytes.toString("latin1", at, at + 15).trim();
			if ((bytes.readUInt16BE(at + 16) & 0x8000) !== 0) group ||= name;
			else machine ||= name;
		}
		return { name: "netbios-ns", info: [machine, group].filter((one) => one !== "").join(", in ") };
	},
};

/** Multicast DNS (RFC 6762 section 18): a response, authoritative, without a number. */
export const mdns: Recogniser = {
	ports: [5_353],
	read(bytes) {
		if (bytes.length < 12 || (bytes.readUInt16BE(2) & 0xf800) !== 0x8000) return null;
		return { name: "mdns", info: `${bytes.readUInt16BE(6)} answers` };
	},
};

/** Search response (UPnP Device Architecture 1.1 section 1.3.3). */
export const ssdp: Recogniser = {
	read(bytes) {
		const text = bytes.toString("latin1");
		if (!/^HTTP\/1\.[01] 200/.test(text) || headerOf(text, "st", "usn") === null) return null;
		const server = headerOf(text, "server") ?? "";
		return { name: "ssdp", ...softwareIn(server), info: server };
	},
};

/** ProbeMatches of either version of WS-Discovery. */
export const wsDiscovery: Recogniser = {
	read(bytes) {
		const text = bytes.toString("latin1");
		if (!text.includes("ProbeMatches") || !text.includes("discovery")) return null;
		return { name: "ws-discovery", info: /<[^>]{0,40}Types[^>]{0,400}>([^<]{1,200})</.exec(text)?.[1] ?? null };
	},
};

/** Service type reply (RFC 2608 section 10.2). */
export const slp: Recogniser = {
	ports: [427],
	read(bytes) {
		if (bytes.length < 20 || bytes[0] !== 2 || bytes[1] !== 10) return null;
		const at = 14 + bytes.readUInt16BE(12);
		if (at + 4 > bytes.length) return null;
		const length = bytes.readUInt16BE(at + 2);
		return { name: "slp", info: bytes.toString("latin1", at + 4, at + 4 + length) };
	},
};
