/** What an FTP server's answers say (RFC 959, 2389, 2428, 4217). Pure and total: any text in, a value out. */
import type { NumberedReply } from "../numbered-reply.ts";
import { findSoftware, type Software, type SoftwareRule } from "../software.ts";

const rules: readonly SoftwareRule[] = [
	{ product: "vsFTPd", pattern: /\(vsFTPd (?<version>[\d.]+\w*)(?:[ -](?<info>[^)]{1,60}))?\)/i },
	{ product: "ProFTPD", pattern: /ProFTPD (?<version>\d[\w.]*)(?: Server)?(?: \((?<info>[^)]{1,60})\))?/i },
	{ product: "ProFTPD", pattern: /ProFTPD Server(?: \((?<info>[^)]{1,60})\))?/i },
	{ product: "Pure-FTPd", pattern: /Pure-?FTPd(?: (?<version>\d[\d.]*))?/i },
	{ product: "FileZilla Server", pattern: /FileZilla Server(?: version)? v?(?<version>\d[\w.]*)(?: (?<info>beta))?/i },
	{ product: "FileZilla Server", pattern: /FileZilla Server/i },
	{ product: "Microsoft FTP Service", pattern: /Microsoft FTP Service(?: \(Version (?<version>[\d.]+)\))?/i },
	{ product: "Serv-U", pattern: /Serv-U FTP Server v?(?<version>[\d.]+)/i },
	{
		product: "wu-ftpd",
		pattern: /FTP server \(Version wu-(?<version>\d[\w.]*)(?:-(?<info>[\w.]{1,20}))?[^)]{0,60}\)/i,
	},
	{ product: "GNU Inetutils ftpd", pattern: /FTP server \(GNU inetutils (?<version>[\d.]+)\)/i },
	{ product: "Linux NetKit ftpd", pattern: /FTP server \(Version 6\.4\/OpenBSD\/Linux-ftpd-(?<version>[\d.]+)\)/i },
	{ product: "Gene6 FTP Server", pattern: /Gene6 FTP Server v?(?<version>[\d.]+)/i },
	{ product: "WS_FTP Server", pattern: /WS_FTP Server (?<version>\d[\d.]*)/i },
	{ product: "Xlight FTP Server", pattern: /Xlight (?:FTP )?Server (?<version>\d[\d.]*)/i },
	{ product: "Wing FTP Server", pattern: /Wing FTP Server(?: (?<version>\d[\d.]*))?/i },
	{ product: "CrushFTP", pattern: /CrushFTP(?: Server)?(?: (?<version>\d[\d.]*))?/i },
	{ product: "Titan FTP Server", pattern: /Titan FTP Server (?<version>[\d.]+)/i },
	{ product: "pyftpdlib", pattern: /pyftpdlib(?: based ftpd| v?(?<version>\d[\d.]*))?/i },
	{ product: "bftpd", pattern: /\bbftpd (?<version>\d[\d.]*)/i },
	{ product: "MikroTik RouterOS", pattern: /FTP server \(MikroTik (?<version>\d[\w.]*)\)/i },
	{ product: "SFTPGo", pattern: /SFTPGo(?:[_ ](?<version>\d[\d.]*))?/i },
	{ product: "Cerberus FTP Server", pattern: /Cerberus FTP Server/i },
];

/** Product and version as the greeting names them. */
export function softwareOf(greeting: string): Software {
	return findSoftware(rules, greeting);
}

/** How sure first bytes are FTP's. SMTP greets with 220 as well; without a telling word both stay possible. */
export function recogniseFtp(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, 1_000);
	if (!/^(?:120|220|421|530)[ -]/.test(text)) return 0;
	if (/\bE?SMTP\b/i.test(text)) return /ftp/i.test(text) ? 0.3 : 0;
	if (softwareOf(text).product !== null) return 1;
	if (/ftp/i.test(text)) return 0.95;
	return text.startsWith("220") ? 0.45 : 0.3;
}

/** The lines between the first and the last of a FEAT answer; empty when FEAT is not supported. */
export function parseFeatures(reply: NumberedReply): string[] {
	if (reply.code !== 211) return [];
	return reply.lines
		.slice(1, -1)
		.map((line) => line.trim().slice(0, 200))
		.filter((line) => line !== "")
		.slice(0, 64);
}

/** Is one of AUTH TLS, AUTH TLS-C, AUTH SSL, AUTH TLS;TLS-C;… among the features? */
export function offersAuthTls(features: readonly string[]): boolean {
	return features.some((feature) => /^AUTH\b.{0,60}\b(?:TLS|SSL)/i.test(feature));
}

/** The port of a 229 answer to EPSV, or of a 227 answer to PASV; the address in a 227 is never read (RFC 2577 section 3). */
export function parsePassivePort(reply: NumberedReply): number | null {
	const text = reply.raw.slice(0, 500);
	const extended = reply.code === 229 ? /\((.)\1\1(\d{1,5})\1\)/.exec(text) : null;
	const classic = reply.code === 227 ? /(?:\d{1,3},){4}(\d{1,3}),(\d{1,3})/.exec(text) : null;
	const port = extended ? Number(extended[2]) : classic ? Number(classic[1]) * 256 + Number(classic[2]) : 0;
	return port >= 1 && port <= 65_535 ? port : null;
}

/** May a data connection go there? Servers pick high ports; low ones and those of printers are never a data channel. */
export function isDataPort(port: number): boolean {
	return port >= 1_024 && !(port >= 9_100 && port <= 9_107);
}

/** The first names of an NLST answer, without their folder. */
export function parseNames(listing: Buffer, max = 20): string[] {
	const names = listing
		.toString("latin1", 0, 65_536)
		.split(/\r?\n/)
		.map((line) => line.replace(/^(?:.*\/)?(?=[^/])/, "").slice(0, 255))
		.filter((name) => name !== "" && name !== "." && name !== "..");
	return names.slice(0, max);
}

/** Was a USER without TLS refused because it came without TLS? */
export function refusesCleartext(reply: NumberedReply): boolean {
	if (reply.code < 400) return false;
	return reply.code === 534 || /\b(?:TLS|SSL|encrypt\w*|secure)\b/i.test(reply.raw.slice(0, 1_000));
}
