/** What an IMAP server's greeting, CAPABILITY and ID answers say (RFC 9051, 2971). Pure and total: any text in, a value out. */
import { findSoftware, type Software, type SoftwareRule, unnamed } from "../software.ts";

const rules: readonly SoftwareRule[] = [
	{ product: "Dovecot", pattern: /\bDovecot\b(?: v?(?<version>\d[\d.]*))?(?: \((?<info>[^)]{1,60})\))?/i },
	{
		product: "Cyrus IMAP",
		pattern: /\bCyrus IMAP(?:4)?(?: Murder)? (?:server )?v?(?<version>\d[\d.]*)(?:-(?<info>\S{1,80}))?/i,
	},
	{ product: "Cyrus IMAP", pattern: /\bCyrus IMAP\b/i },
	{ product: "Courier", pattern: /\bCourier-IMAP\b/i },
	{ product: "Microsoft Exchange", pattern: /Microsoft Exchange(?: Server \d+)? IMAP4?/i },
	{ product: "MDaemon", pattern: /\bMDaemon(?: (?<version>\d[\w.]*))?/i },
	{ product: "Kerio Connect", pattern: /Kerio Connect (?<version>\d[\d.]*)(?: (?<info>patch \d+))?/i },
	{ product: "CommuniGate Pro", pattern: /CommuniGate Pro(?: IMAP Server)?(?: (?<version>\d[\w.]*))?/i },
	{ product: "UW IMAP", pattern: /\bIMAP4rev1 (?<version>20\d\d[a-z]?\.\d+) at /i },
	{ product: "HCL Domino", pattern: /Domino IMAP4 Server Release (?<version>\d[\w.]*)/i },
	{ product: "Zimbra", pattern: /\bZimbra\b(?: (?:IMAP4rev1 server )?(?<version>\d[\w.]*))?/i },
	{ product: "hMailServer", pattern: /\bhMailServer\b/i },
	{ product: "Apache James", pattern: /\bJAMES IMAP4rev1 Server\b/i },
	{ product: "Stalwart", pattern: /\bStalwart IMAP4?rev\d\b/i },
];

/** Product and version as the greeting names them. */
export function softwareOf(greeting: string): Software {
	return findSoftware(rules, greeting);
}

/** How sure first bytes are IMAP's. */
export function recogniseImap(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, 1_000);
	if (/^\* (?:OK|PREAUTH)\b/.test(text)) return 0.97;
	return /^\* BYE\b/.test(text) ? 0.8 : 0;
}

/** The words of an untagged CAPABILITY line or of a greeting's [CAPABILITY …] code; null when the line has neither. */
export function parseCapabilities(line: string): string[] | null {
	const text = line.slice(0, 8_192);
	const found = /^\* CAPABILITY (.*)$/i.exec(text) ?? /^\* (?:OK|PREAUTH) \[CAPABILITY ([^\]]*)\]/i.exec(text);
	if (!found) return null;
	return (found[1] ?? "")
		.split(/\s+/)
		.filter((word) => word !== "")
		.map((word) => word.slice(0, 100))
		.slice(0, 128);
}

/** Mechanisms of the AUTH= capabilities, upper case, each once. */
export function parseMechanisms(capabilities: readonly string[]): string[] {
	const words = capabilities
		.map((word) => /^AUTH=(.+)$/i.exec(word)?.[1]?.toUpperCase() ?? "")
		.filter((word) => word !== "");
	return [...new Set(words)].slice(0, 32);
}

export function offers(capabilities: readonly string[], name: string): boolean {
	return capabilities.some((word) => word.toUpperCase() === name);
}

/** Product and version of an untagged ID answer, e.g. `* ID ("name" "Dovecot")`. */
export function parseId(line: string): Software {
	const list = /^\* ID \((.*)\)\s*$/i.exec(line.slice(0, 4_096))?.[1];
	if (list === undefined) return unnamed;
	const strings = list.match(/"(?:[^"\\]|\\.)*"|NIL/gi) ?? [];
	const fields = new Map<string, string>();
	for (let i = 0; i + 1 < strings.length; i += 2)
		fields.set(unquote(strings[i]).toLowerCase(), unquote(strings[i + 1]));
	const version = fields.get("version") || null;
	return { product: fields.get("name") || null, version, info: fields.get("vendor") || null };
}

function unquote(text: string | undefined): string {
	if (text === undefined || !text.startsWith('"')) return "";
	return text.slice(1, -1).replace(/\\(.)/g, "$1").slice(0, 200);
}
