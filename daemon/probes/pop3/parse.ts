/** What a POP3 server's greeting and CAPA answer say (RFC 1939, 2449, 2595). Pure and total: any text in, a value out. */
import { findSoftware, type Software, type SoftwareRule } from "../software.ts";

const rules: readonly SoftwareRule[] = [
	{ product: "Dovecot", pattern: /\bDovecot\b(?: v?(?<version>\d[\d.]*))?(?: \((?<info>[^)]{1,60})\))?/i },
	{ product: "Cyrus IMAP", pattern: /\bCyrus POP3(?: server)? v?(?<version>\d[\d.]*)(?:-(?<info>\S{1,80}))?/i },
	{ product: "Cyrus IMAP", pattern: /\bCyrus\b/i },
	{ product: "Courier", pattern: /\bCourier\b|^\+OK Hello there\b/i },
	{ product: "Microsoft Exchange", pattern: /Microsoft Exchange(?: Server \d+)? POP3/i },
	{ product: "MDaemon", pattern: /\bMDaemon(?: (?<version>\d[\w.]*))?/i },
	{ product: "Kerio Connect", pattern: /Kerio Connect (?<version>\d[\d.]*)(?: (?<info>patch \d+))?/i },
	{ product: "CommuniGate Pro", pattern: /CommuniGate Pro(?: POP3 Server)?(?: (?<version>\d[\w.]*))?/i },
	{ product: "Qpopper", pattern: /\bQpopper (?:\(version |v?)(?<version>\d[\w.]*)/i },
	{ product: "UW IMAP", pattern: /\bPOP3 \S+ v?(?<version>20\d\d[a-z]?\.\d+) server ready/i },
	{ product: "HCL Domino", pattern: /Domino POP3 server version (?:Release )?(?<version>\d[\w.]*)/i },
	{ product: "MailEnable", pattern: /MailEnable POP3 Server/i },
	{ product: "hMailServer", pattern: /\bhMailServer\b/i },
	{ product: "Zimbra", pattern: /\bZimbra\b(?: (?:POP3 server )?(?<version>\d[\w.]*))?/i },
	{ product: "Apache James", pattern: /\bJAMES POP3 Server (?<version>\d[\w.]*)/i },
];

/** Product and version as the greeting or an IMPLEMENTATION capability names them. */
export function softwareOf(text: string): Software {
	return findSoftware(rules, text);
}

/** How sure first bytes are POP3's. A Redis error also starts with -ERR. */
export function recognisePop3(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, 1_000);
	if (/^\+OK(?:[ \r\n]|$)/.test(text)) return 0.95;
	if (!/^-ERR(?: |\r\n)/.test(text)) return 0;
	return /unknown command|wrong number|protocol error|operation not permitted/i.test(text) ? 0 : 0.5;
}

/** A CAPA list's lines, without their ends; the caller has cut off the closing dot. */
export function parseCapabilities(lines: readonly string[]): string[] {
	return lines
		.map((line) => line.replace(/^\.\./, ".").trim().slice(0, 300))
		.filter((line) => line !== "" && line !== "." && !line.startsWith("+OK"))
		.slice(0, 64);
}

/** Mechanisms of the SASL capability, upper case, each once. */
export function parseMechanisms(capabilities: readonly string[]): string[] {
	const words = capabilities
		.map((line) => /^SASL\s+(.*)$/i.exec(line)?.[1] ?? "")
		.flatMap((list) => list.toUpperCase().split(/\s+/))
		.filter((word) => /^[A-Z0-9_-]{1,40}$/.test(word));
	return [...new Set(words)].slice(0, 32);
}

export function offers(capabilities: readonly string[], name: string): boolean {
	return capabilities.some((line) => line.split(/\s/, 1)[0]?.toUpperCase() === name);
}
