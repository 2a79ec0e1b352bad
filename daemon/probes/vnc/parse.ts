/** The RFB handshake up to the list of security types (RFC 6143 section 7.1, and the types its registry names). Pure and total. */
import { type Software, unnamed } from "../software.ts";

const names: Readonly<Record<number, string>> = {
	0: "Invalid",
	1: "None",
	2: "VNC Authentication",
	5: "RA2",
	6: "RA2ne",
	13: "RA2-256",
	16: "Tight",
	17: "Ultra",
	18: "TLS",
	19: "VeNCrypt",
	20: "SASL",
	21: "MD5",
	22: "xvp",
	30: "Apple Diffie-Hellman",
	33: "Apple Kerberos",
	35: "Apple SRP",
	129: "RA2-256",
	130: "RA2ne-256",
};

/** Sub-types of VeNCrypt. */
const subtypeNames: Readonly<Record<number, string>> = {
	256: "Plain",
	257: "TLSNone",
	258: "TLSVnc",
	259: "TLSPlain",
	260: "X509None",
	261: "X509Vnc",
	262: "X509Plain",
	263: "TLSSASL",
	264: "X509SASL",
};

export function securityTypeName(type: number): string {
	return names[type] ?? `type ${type}`;
}

/** Names of big-endian 32-bit VeNCrypt sub-types, as many as are whole. */
export function parseSubtypes(bytes: Buffer): string[] {
	const found: string[] = [];
	for (let at = 0; at + 4 <= bytes.length && found.length < 32; at += 4) {
		const type = bytes.readUInt32BE(at);
		found.push(subtypeNames[type] ?? names[type] ?? `type ${type}`);
	}
	return found;
}

/** `RFB 003.008\n` into 003.008; null for anything else. */
export function parseProtocol(greeting: Buffer): string | null {
	return /^RFB (\d{3}\.\d{3})\n/.exec(greeting.toString("latin1", 0, 12))?.[1] ?? null;
}

/** The version to answer with: 3.3, 3.7 or 3.8, whichever is the highest the server has. */
export function answerVersion(protocol: string): "003.003" | "003.007" | "003.008" {
	if (protocol >= "003.008") return "003.008";
	return protocol === "003.007" ? "003.007" : "003.003";
}

/** Numbers no standard has are a maker's mark: Apple's 3.889, RealVNC's 4.x and 5.x. */
export function softwareOf(protocol: string): Software {
	if (protocol === "003.889") return { ...unnamed, product: "Apple Remote Desktop" };
	return /^00[45]\./.test(protocol) ? { ...unnamed, product: "RealVNC" } : unnamed;
}

/** Is there a way in without a password? */
export function letsIn(securityTypes: readonly string[]): boolean {
	return securityTypes.some((name) => ["None", "TLSNone", "X509None"].includes(name));
}

export function recogniseVnc(bytes: Buffer): number {
	return parseProtocol(bytes) === null ? 0 : 1;
}
