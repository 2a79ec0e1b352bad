/** The first packet of a MySQL or MariaDB server: handshake (protocol 9 or 10) or error. Pure and total over any bytes. */
import { type Software, unnamed } from "../software.ts";

/** CLIENT_SSL, CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION and CLIENT_PLUGIN_AUTH of the capability flags. */
export const capability = { protocol41: 0x200, ssl: 0x800, secureConnection: 0x8000, pluginAuth: 0x80000 } as const;

export type FirstPacket =
	| {
			readonly kind: "handshake";
			readonly protocolVersion: number;
			readonly serverVersion: string;
			readonly authPlugin: string | null;
			readonly tlsOffered: boolean;
	  }
	| { readonly kind: "error"; readonly code: number; readonly text: string };

/** Longest first packet believed in; real ones are 60 to 150 bytes. */
export const maxPacketBytes = 4_096;

/** Payload length of the packet whose 4-byte header this is; null when no server starts like that. */
export function payloadLength(header: Buffer): number | null {
	if (header.length < 4) return null;
	const length = header.readUIntLE(0, 3);
	// Sequence 0 for a handshake; an error before it may carry any number up to the few packets there were.
	return length >= 3 && length <= maxPacketBytes && header.readUInt8(3) <= 2 ? length : null;
}

/** Reads a packet's payload, without its header; null when it is neither a handshake nor an error. */
export function parseFirstPacket(payload: Buffer): FirstPacket | null {
	const type = payload[0];
	if (type === 0xff) return parseError(payload);
	if (type === 9 || type === 10) return parseHandshake(payload, type);
	return null;
}

function parseError(payload: Buffer): FirstPacket | null {
	if (payload.length < 3) return null;
	const code = payload.readUInt16LE(1);
	if (code < 1_000 || code > 9_999) return null;
	const text = payload.toString("utf8", 3, 1_024).replace(/^#[0-9A-Z]{5}/, "");
	return { kind: "error", code, text };
}

/** Protocol 10: version NUL, thread id 4, salt 8, filler 1, flags 2, charset 1, status 2, flags 2, salt length 1, 10, salt, plugin. */
function parseHandshake(payload: Buffer, protocolVersion: number): FirstPacket | null {
	const end = payload.indexOf(0, 1);
	if (end < 2 || end > 200) return null;
	const serverVersion = payload.toString("utf8", 1, end);
	if (!/^[\x20-\x7e]+$/.test(serverVersion)) return null;
	const flagsAt = end + 1 + 4 + 8 + 1;
	let flags = 0;
	let authPlugin: string | null = null;
	if (protocolVersion === 10 && payload.length >= flagsAt + 2) flags = payload.readUInt16LE(flagsAt);
	if (protocolVersion === 10 && payload.length >= flagsAt + 8) {
		flags += payload.readUInt16LE(flagsAt + 5) * 0x10000;
		const saltLength = payload.readUInt8(flagsAt + 7);
		const pluginAt = flagsAt + 8 + 10 + Math.max(13, saltLength - 8);
		if (flags & capability.pluginAuth && pluginAt < payload.length) authPlugin = textTo0(payload, pluginAt);
	}
	const tlsOffered = (flags & capability.ssl) !== 0;
	return { kind: "handshake", protocolVersion, serverVersion, authPlugin, tlsOffered };
}

function textTo0(payload: Buffer, from: number): string | null {
	const end = payload.indexOf(0, from);
	return payload.toString("latin1", from, Math.min(end < 0 ? payload.length : end, from + 100)) || null;
}

/** How sure first bytes are MySQL's: a header that fits its payload, and a payload that reads. */
export function recogniseMysql(bytes: Buffer): number {
	const length = payloadLength(bytes);
	if (length === null || bytes.length < 4 + Math.min(length, 3)) return 0;
	const packet = parseFirstPacket(bytes.subarray(4, 4 + length));
	if (packet === null) return 0;
	if (bytes.length < 4 + length) return 0.5;
	return packet.kind === "handshake" || /MySQL|MariaDB/i.test(packet.text) ? 1 : 0.8;
}

/**
 * Splits a version string, e.g. `5.5.5-10.11.6-MariaDB-0+deb12u1` into MariaDB, 10.11.6 and 0+deb12u1. MariaDB up to
 * 10.x puts 5.5.5- in front so that old replicas accept it.
 */
export function softwareOfVersion(serverVersion: string): Software {
	const text = serverVersion.slice(0, 200).replace(/^5\.5\.5-(?=1\d\.)/, "");
	const forks: readonly (readonly [product: string, pattern: RegExp])[] = [
		["MariaDB", /^(?<version>\d+(?:\.\d+)+)-MariaDB(?<info>.*)$/i],
		["TiDB", /^[\d.]+-TiDB-v?(?<version>\d[\d.]*)(?<info>.*)$/i],
		["Amazon Aurora MySQL", /^[\d.]+\.mysql_aurora\.(?<version>\d[\d.]*)(?<info>.*)$/i],
		["Percona Server", /^(?<version>\d+(?:\.\d+)+(?:-rel\d[\d.]*)?)-(?<info>.*percona.*)$/i],
		["Vitess", /^[\d.]+-Vitess(?:-v?(?<version>\d[\d.]*))?(?<info>.*)$/i],
		["MySQL", /^(?<version>\d+\.\d+\.\d+\w*)(?<info>.*)$/],
	];
	for (const [product, pattern] of forks) {
		const found = pattern.exec(text)?.groups;
		if (found) return { product, version: found.version ?? null, info: words(found.info) };
	}
	return unnamed;
}

/** What an error text gives away: "… to this MariaDB server". */
export function softwareOfError(text: string): Software {
	const product = /this (MySQL|MariaDB) server/i.exec(text)?.[1]?.toLowerCase();
	if (product === undefined) return unnamed;
	return { product: product === "mysql" ? "MySQL" : "MariaDB", version: null, info: null };
}

function words(text: string | undefined): string | null {
	return text?.replace(/^[-~+ ]+/, "").slice(0, 100) || null;
}

/** The 32-byte SSL request that comes instead of a login: flags, largest packet, character set utf8mb4. */
export function sslRequest(): Buffer {
	const packet = Buffer.alloc(36);
	packet.writeUIntLE(32, 0, 3);
	packet.writeUInt8(1, 3);
	packet.writeUInt32LE(capability.ssl | capability.protocol41 | capability.secureConnection, 4);
	packet.writeUInt32LE(0x1000000, 8);
	packet.writeUInt8(45, 12);
	return packet;
}
