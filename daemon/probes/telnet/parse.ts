/** Telnet's stream: commands and options apart from text (RFC 854, 855), and what the text says. Pure and total. */
import { findSoftware, type Software, type SoftwareRule } from "../software.ts";

export const command = { se: 240, sb: 250, will: 251, wont: 252, do: 253, dont: 254, iac: 255 } as const;

/** Options that protect a session: AUTHENTICATION (RFC 2941), ENCRYPT (RFC 2946) and START_TLS. */
const protectingOptions: readonly number[] = [37, 38, 46];

export interface Offer {
	/** 251 to 254. */
	readonly verb: number;
	readonly option: number;
}

export interface Parsed {
	/** Latin-1, without NUL. */
	readonly text: string;
	readonly offers: readonly Offer[];
	/** Bytes read; less than all when the last command is cut short. */
	readonly consumed: number;
}

const maxOffers = 256;

/** Takes the stream apart. Sub-negotiations are skipped. */
export function parseStream(bytes: Buffer): Parsed {
	const text: number[] = [];
	const offers: Offer[] = [];
	let at = 0;
	while (at < bytes.length) {
		const byte = bytes[at] ?? 0;
		const verb = bytes[at + 1];
		if (byte !== command.iac) {
			if (byte !== 0) text.push(byte);
			at += 1;
		} else if (verb === undefined) {
			break;
		} else if (verb === command.iac) {
			text.push(byte);
			at += 2;
		} else if (verb === command.sb) {
			const end = bytes.indexOf(Buffer.of(command.iac, command.se), at + 2);
			if (end < 0) break;
			at = end + 2;
		} else if (verb < command.will) {
			at += 2;
		} else {
			const option = bytes[at + 2];
			if (option === undefined) break;
			if (offers.length < maxOffers) offers.push({ verb, option });
			at += 3;
		}
	}
	return { text: Buffer.from(text).toString("latin1"), offers, consumed: at };
}

/** No to everything: WONT for DO, DONT for WILL, once for each option asked. */
export function refuse(offers: readonly Offer[], answered: Set<number>): Buffer {
	const bytes: number[] = [];
	for (const { verb, option } of offers) {
		if (verb !== command.do && verb !== command.will) continue;
		const key = verb * 256 + option;
		if (answered.has(key)) continue;
		answered.add(key);
		bytes.push(command.iac, verb === command.do ? command.wont : command.dont, option);
	}
	return Buffer.from(bytes);
}

export function protects(offers: readonly Offer[]): boolean {
	return offers.some(
		({ verb, option }) => (verb === command.do || verb === command.will) && protectingOptions.includes(option),
	);
}

/** Does the text end in a question for a name or a password? */
export function isLoginPrompt(text: string): boolean {
	return /(?:log[io]n(?: name| as)?|user ?name|user|account|password|passcode)\s{0,4}[:>]\s{0,4}$/i.test(
		text.slice(-200),
	);
}

const rules: readonly SoftwareRule[] = [
	{ product: "BusyBox telnetd", pattern: /BusyBox v?(?<version>\d[\d.]*)/i },
	{ product: "MikroTik RouterOS", pattern: /MikroTik v(?<version>\d[\w.]*)(?: \((?<info>[^)]{1,40})\))?/i },
	{ product: "Cisco IOS telnetd", pattern: /^\s{0,8}User Access Verification/im },
	{ product: "Microsoft Telnet Service", pattern: /Welcome to Microsoft Telnet Service/i },
	{ product: "Dell PowerConnect telnetd", pattern: /PowerConnect/i },
	{ product: "HP JetDirect telnetd", pattern: /\bHP JetDirect\b/i },
	{ product: "Synology DSM telnetd", pattern: /\bSynology\b/i },
	{ product: "Dreambox telnetd", pattern: /\bdreambox\b/i },
	{ product: "Huawei VRP telnetd", pattern: /\bHuawei\b/i },
];

export function softwareOf(banner: string): Software {
	return findSoftware(rules, banner);
}

/** How sure first bytes are Telnet's. A login prompt without options may also be a plain shell on a socket. */
export function recogniseTelnet(bytes: Buffer): number {
	const verb = bytes[1] ?? 0;
	if (bytes[0] === command.iac && bytes.length >= 3 && verb >= command.will && verb <= command.dont) return 0.98;
	if (bytes.length === 0 || bytes.length > 4_096) return 0;
	const { text, offers } = parseStream(bytes);
	if (offers.length > 0 && /^[\t\r\n\x20-\x7e]*$/.test(text)) return 0.9;
	return /^[\t\r\n\x20-\x7e\xa0-\xff]*$/.test(text) && isLoginPrompt(text) ? 0.6 : 0;
}
