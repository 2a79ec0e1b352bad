/** What an SMTP server's greeting and EHLO answer say (RFC 5321, 3207, 4954). Pure and total: any text in, a value out. */
import type { NumberedReply } from "../numbered-reply.ts";
import { findSoftware, type Software, type SoftwareRule } from "../software.ts";

const rules: readonly SoftwareRule[] = [
	{ product: "Postfix", pattern: /\bPostfix\b(?:[ -](?<version>\d[\w.]*))?(?: \((?<info>[^)]{1,60})\))?/i },
	{ product: "Exim", pattern: /\bExim (?<version>\d[\d._]*\w*)(?: #(?<info>\d+))?/i },
	{ product: "Exim", pattern: /\bExim\b/i },
	{ product: "Sendmail", pattern: /\bSendmail (?<version>\d+\.\d[\w.+]*)(?:\/(?<info>[^;\s]{1,80}))?/i },
	{ product: "Sendmail", pattern: /\bSendmail\b(?!-)/i },
	{
		product: "Microsoft ESMTP MAIL Service",
		pattern: /Microsoft ESMTP MAIL Service(?:, Version: (?<version>[\d.]+))?/i,
	},
	{ product: "OpenSMTPD", pattern: /\bOpenSMTPD\b(?: (?<version>\d[\w.]*))?/i },
	{ product: "Haraka", pattern: /\bHaraka(?:[/ ](?<version>\d[\w.-]*))?/i },
	{ product: "HCL Domino", pattern: /Domino Release (?<version>\d[\w.]*)(?: (?<info>\w+))?/i },
	{ product: "MDaemon", pattern: /\bMDaemon(?: (?<version>\d[\w.]*))?/i },
	{ product: "Kerio Connect", pattern: /Kerio Connect (?<version>\d[\d.]*)(?: (?<info>patch \d+))?/i },
	{ product: "CommuniGate Pro", pattern: /CommuniGate Pro(?: (?<version>\d[\w.]*))?/i },
	{ product: "MailEnable", pattern: /MailEnable Service, Version: (?<version>[\d.]+)/i },
	{ product: "hMailServer", pattern: /hMailServer(?: (?<version>\d[\d.]*))?/i },
	{ product: "IceWarp", pattern: /\bIceWarp (?<version>\d[\d.]*)/i },
	{ product: "Courier", pattern: /\bCourier\b(?: (?<version>\d[\d.]*))?/ },
	{ product: "Apache James", pattern: /\bJAMES\b(?: SMTP Server)?(?: (?<version>\d[\w.]*))?/i },
	{ product: "Cyrus", pattern: /\bCyrus LMTP v?(?<version>\d[\w.]*)(?<info>\S+)?/i },
	{ product: "Mercury/32", pattern: /Mercury\/32 v(?<version>\d[\w.]*)/i },
	{ product: "qpsmtpd", pattern: /\bqpsmtpd (?<version>\d[\d.]*)/i },
	{ product: "Stalwart", pattern: /\bStalwart\b(?: (?:E?SMTP|Mail Server))?(?: v?(?<version>\d[\d.]*))?/i },
	{ product: "aiosmtpd", pattern: /Python SMTP (?<version>\d[\w.]*)/i },
];

/** Product and version as the greeting names them. */
export function softwareOf(greeting: string): Software {
	return findSoftware(rules, greeting);
}

/** How sure first bytes are SMTP's. FTP greets with 220 as well; without a telling word both stay possible. */
export function recogniseSmtp(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, 1_000);
	if (!/^(?:220|421|554)[ -]/.test(text)) return 0;
	if (/\b(?:E?SMTPS?A?|LMTP)\b/i.test(text)) return 0.98;
	if (/ftp/i.test(text)) return 0;
	if (softwareOf(text).product !== null) return 0.95;
	return text.startsWith("220") ? 0.5 : 0.35;
}

/** The host name a greeting starts with; null when it starts with something else. */
export function hostnameOf(greeting: NumberedReply): string | null {
	const first = greeting.lines[0]?.trim().split(/\s/, 1)[0] ?? "";
	if (/^E?SMTP$/i.test(first) || !/[a-z]|^\[/i.test(first)) return null;
	return /^(?:[\w-]+(?:\.[\w-]+)+\.?|\[[\d.a-f:]+\]|[a-z][\w-]*)$/i.test(first) ? first.slice(0, 255) : null;
}

/** The extension lines of an EHLO answer, the greeting line left out; empty unless the answer is 250. */
export function parseExtensions(reply: NumberedReply): string[] {
	if (reply.code !== 250) return [];
	return reply.lines
		.slice(1)
		.map((line) => line.trim().slice(0, 300))
		.filter((line) => line !== "")
		.slice(0, 64);
}

export function offersStartTls(extensions: readonly string[]): boolean {
	return extensions.some((line) => /^STARTTLS\b/i.test(line));
}

/** Mechanisms of `AUTH …` and of the old `AUTH=…` lines, upper case, each once. */
export function parseMechanisms(extensions: readonly string[]): string[] {
	const found = extensions
		.map((line) => /^AUTH[ =](.*)$/i.exec(line)?.[1] ?? "")
		.flatMap((words) => words.toUpperCase().split(/[\s=]+/))
		.filter((word) => /^[A-Z0-9_-]{1,40}$/.test(word));
	return [...new Set(found)].slice(0, 32);
}

/** Did VRFY postmaster show an address? Exim's and Sendmail's "252, try it yourself" does not. */
export function verifiesUsers(reply: NumberedReply): boolean {
	return [250, 251, 252].includes(reply.code) && /postmaster|@/i.test(reply.raw.slice(0, 1_000));
}
