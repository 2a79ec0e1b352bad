/** Guesses the operating system of a host from what its services say of themselves. Pure; a guess, never a proof. */
import type { EvidenceRecord } from "./record.ts";

export interface OsGuess {
	name: string;
	/** Which service said what. */
	basis: string;
	/** 0 to 1. */
	confidence: number;
}

interface Rule {
	/** Tried on every statement; bounded, no nested repeats. */
	pattern: RegExp;
	/** `$1` is the first group. */
	name: string;
	/** How far such a statement is to be trusted: package revisions more than product names. */
	confidence: number;
}

/** Longest part of a statement that is looked at. Characters. */
const longest = 512;

/** The best supported guess; null when nothing says anything of the system. */
export function guessOs(records: readonly EvidenceRecord[]): OsGuess | null {
	const guesses = new Map<string, OsGuess>();
	for (const record of records) {
		for (const text of statements(record)) {
			const said = readStatement(text);
			if (said === null) continue;
			merge(guesses, {
				name: said.name,
				basis: `${record.kind}${record.port > 0 ? ` on port ${record.port}` : ""} says "${said.words}"`,
				confidence: said.confidence,
			});
		}
	}
	return best([...guesses.values()]);
}

interface Said {
	readonly name: string;
	/** The part of the statement that says so. */
	readonly words: string;
	readonly confidence: number;
}

/** Thousands of hosts say the same few things, and each would be held against all rules. */
const read = new Map<string, Said | null>();
const mostRead = 1_000;

function readStatement(text: string): Said | null {
	const known = read.get(text);
	if (known !== undefined) return known;
	let said: Said | null = null;
	for (const rule of anyRule.some((pattern) => pattern.test(text)) ? rules : []) {
		const match = rule.pattern.exec(text);
		if (match === null) continue;
		said = { name: nameOf(rule, match), words: match[0].trim(), confidence: rule.confidence };
		break;
	}
	if (read.size >= mostRead) read.clear();
	read.set(text, said);
	return said;
}

/** What each kind of record says of the system, the most telling first. */
function statements(record: EvidenceRecord): string[] {
	const said: (string | null | undefined)[] = [];
	switch (record.kind) {
		case "ssh":
		case "pop3":
		case "imap":
		case "telnet":
			said.push(record.data.banner);
			break;
		case "smtp":
			said.push(record.data.banner);
			break;
		case "ftp":
			said.push(record.data.system, record.data.banner);
			break;
		case "http":
			said.push(record.data.headers.server, record.data.headers["x-powered-by"]);
			break;
		case "mysql":
			said.push(record.data.serverVersion);
			break;
		case "snmp":
			said.push(record.data.sysDescr);
			break;
		case "redis":
			said.push(record.data.os);
			break;
		case "banner":
			said.push(record.data.text);
			break;
		case "dns":
			said.push(record.data.versionBind);
			break;
		case "rdp":
			// The protocol is Microsoft's; xrdp accepts no hybrid layer.
			said.push(
				record.data.protocols.some((layer) => layer.startsWith("hybrid")) ? "Microsoft RDP with CredSSP" : null,
			);
			break;
	}
	if ("product" in record.data) {
		const { product, version, info } = record.data;
		said.push([product, version, info].filter((part) => part !== null).join(" "));
	}
	return said.flatMap((text) => (text ? [text.slice(0, longest)] : []));
}

/** Debian: `deb12u3` is a revision for release 12 (Developer's Reference, 5.8.5). The first rule that fits a statement counts. */
const rules: readonly Rule[] = [
	{ pattern: /[+~.-]deb(\d{1,2})u\d/i, name: "Debian $1", confidence: 0.95 },
	{ pattern: /\b(?:maria|mysql)[\w.~-]*[+~]deb(\d{1,2})\b/i, name: "Debian $1", confidence: 0.9 },
	{ pattern: /OpenSSH_([\d.p]+) Ubuntu-\S{1,40}/, name: "ubuntu-openssh", confidence: 0.9 },
	{ pattern: /[+~.-]ubu(?:ntu)?(\d\d)\.?(04|10)\b/i, name: "Ubuntu $1.$2", confidence: 0.9 },
	{ pattern: /ubuntu0\.(\d\d\.(?:04|10))/i, name: "Ubuntu $1", confidence: 0.95 },
	{ pattern: /\bUbuntu[ /-](\d\d\.(?:04|10))\b/, name: "Ubuntu $1", confidence: 0.9 },
	{ pattern: /OpenSSH_([\d.p]+) Debian-\S{1,40}/, name: "debian-openssh", confidence: 0.85 },
	{ pattern: /[.-]el(\d{1,2})(?:_\d{1,2})?\b/, name: "Red Hat Enterprise Linux family $1", confidence: 0.9 },
	{ pattern: /\.fc(\d\d)\b/, name: "Fedora $1", confidence: 0.9 },
	{ pattern: /\b(AlmaLinux|Rocky Linux|Oracle Linux|CentOS(?: Stream)?|Fedora)\b/i, name: "$1", confidence: 0.8 },
	{ pattern: /\bRed ?Hat\b/i, name: "Red Hat Enterprise Linux family", confidence: 0.8 },
	{ pattern: /\bAmazon Linux\b|\.amzn(\d)/i, name: "Amazon Linux", confidence: 0.85 },
	{ pattern: /\b(?:SUSE|openSUSE|SLES)\b/i, name: "SUSE Linux", confidence: 0.8 },
	{ pattern: /\bAlpine\b|-alpine\b|[.-]alpine\d/i, name: "Alpine Linux", confidence: 0.8 },
	{ pattern: /\bRaspbian\b/i, name: "Raspbian", confidence: 0.85 },
	{ pattern: /\bUbuntu\b/i, name: "Ubuntu", confidence: 0.7 },
	{ pattern: /\bDebian\b/i, name: "Debian", confidence: 0.7 },
	{ pattern: /\bFreeBSD(?:[ /-](\d{1,2}\.\d))?/, name: "FreeBSD $1", confidence: 0.85 },
	{ pattern: /\bOpenBSD(?:[ /-](\d\.\d))?\b(?! ftpd)/, name: "OpenBSD $1", confidence: 0.75 },
	{ pattern: /\bNetBSD(?:[ /-](\d{1,2}\.\d))?/, name: "NetBSD $1", confidence: 0.8 },
	{ pattern: /Windows Server (\d{4}(?: R2)?)/, name: "Windows Server $1", confidence: 0.9 },
	{ pattern: /Windows Version (\d{1,2}\.\d)/, name: "Windows $1", confidence: 0.85 },
	{ pattern: /Microsoft-IIS\/10\.0/, name: "Windows Server 2016 or newer", confidence: 0.85 },
	{ pattern: /Microsoft-IIS\/8\.5/, name: "Windows Server 2012 R2", confidence: 0.85 },
	{ pattern: /Microsoft-IIS\/8\.0/, name: "Windows Server 2012", confidence: 0.85 },
	{ pattern: /Microsoft-IIS\/7\.5/, name: "Windows Server 2008 R2", confidence: 0.85 },
	{
		pattern: /OpenSSH_for_Windows|Microsoft-HTTPAPI|Microsoft ESMTP|Microsoft FTP|Microsoft RDP/,
		name: "Windows",
		confidence: 0.8,
	},
	{ pattern: /\bWindows(?:_NT| NT)?\b|\bWin(?:32|64)\b/, name: "Windows", confidence: 0.7 },
	{ pattern: /Cisco (IOS(?: XE| XR)?|NX-OS|Adaptive Security Appliance)/i, name: "Cisco $1", confidence: 0.9 },
	{ pattern: /^SSH-[\d.]+-Cisco/, name: "Cisco IOS", confidence: 0.85 },
	{ pattern: /\bJUNOS (\d{1,2}\.\d)?/i, name: "Junos $1", confidence: 0.9 },
	{ pattern: /\bRouterOS(?: v?(\d{1,2}\.\d{1,3}))?|ROSSSH/, name: "RouterOS $1", confidence: 0.9 },
	{ pattern: /\bFortiGate\b|\bFortiOS\b/i, name: "FortiOS", confidence: 0.85 },
	{ pattern: /\bPAN-OS\b|Palo Alto Networks/i, name: "PAN-OS", confidence: 0.85 },
	{ pattern: /\bArubaOS\b/i, name: "ArubaOS", confidence: 0.85 },
	{ pattern: /\bEOS version (\d\.\d\d)/i, name: "Arista EOS $1", confidence: 0.85 },
	{ pattern: /HUAWEI|\bVRP\b/, name: "Huawei VRP", confidence: 0.7 },
	{ pattern: /VMware ESXi? (\d\.\d)/i, name: "VMware ESXi $1", confidence: 0.9 },
	{ pattern: /\bSynology\b/i, name: "Synology DSM", confidence: 0.8 },
	{ pattern: /\bQNAP\b/i, name: "QNAP QTS", confidence: 0.8 },
	{ pattern: /\bDarwin\b|\bMac ?OS ?X?\b/i, name: "macOS", confidence: 0.75 },
	{ pattern: /\bSunOS (\d\.\d\d?)/, name: "Solaris $1", confidence: 0.85 },
	{ pattern: /\bAIX\b/, name: "AIX", confidence: 0.7 },
	{ pattern: /\bLinux(?: \S{1,64})? (\d\.\d{1,2})\b/, name: "Linux $1", confidence: 0.6 },
	{ pattern: /\bLinux\b/, name: "Linux", confidence: 0.5 },
	{ pattern: /^(?:215 )?UNIX Type/i, name: "Unix", confidence: 0.2 },
	{ pattern: /^dropbear|^SSH-[\d.]+-dropbear/i, name: "Linux (embedded)", confidence: 0.4 },
];

/** What some rule fits, all of one set of flags at once: most statements say nothing of a system, and that costs a tenth so. */
const anyRule = [...new Set(rules.map(({ pattern }) => pattern.flags))].map((flags) => {
	const alike = rules.filter(({ pattern }) => pattern.flags === flags);
	return new RegExp(alike.map(({ pattern }) => `(?:${pattern.source})`).join("|"), flags);
});

/** OpenSSH as first released with each: the version alone tells the release apart where the revision does not. */
const debianOpenssh: Readonly<Record<string, string>> = {
	"10.0p1": "13",
	"9.2p1": "12",
	"8.4p1": "11",
	"7.9p1": "10",
	"7.4p1": "9",
	"6.7p1": "8",
	"6.0p1": "7",
};
const ubuntuOpenssh: Readonly<Record<string, string>> = {
	"10.0p1": "25.10",
	"9.9p1": "25.04",
	"9.7p1": "24.10",
	"9.6p1": "24.04",
	"8.9p1": "22.04",
	"8.2p1": "20.04",
	"7.6p1": "18.04",
	"7.2p2": "16.04",
	"6.6.1p1": "14.04",
};

function nameOf(rule: Rule, match: RegExpExecArray): string {
	const version = match[1] ?? "";
	if (rule.name === "ubuntu-openssh") return `Ubuntu ${ubuntuOpenssh[version] ?? ""}`.trim();
	if (rule.name === "debian-openssh") return `Debian ${debianOpenssh[version] ?? ""}`.trim();
	return rule.name.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "").trim();
}

/** Two services that agree are better than one; each adds half of what is missing. */
function merge(guesses: Map<string, OsGuess>, guess: OsGuess): void {
	const before = guesses.get(guess.name);
	if (before === undefined) guesses.set(guess.name, guess);
	else if (!before.basis.includes(guess.basis)) {
		const surest = before.confidence >= guess.confidence ? before : guess;
		const confidence = surest.confidence + (1 - surest.confidence) / 2;
		guesses.set(guess.name, { ...surest, confidence: Math.min(0.99, confidence) });
	}
}

/** The surest; of "Debian" and "Debian 12" the more exact one, with the support of both. */
function best(guesses: OsGuess[]): OsGuess | null {
	const exact = guesses.filter(
		(guess) => !guesses.some((other) => other !== guess && other.name.startsWith(`${guess.name} `)),
	);
	exact.sort((a, b) => b.confidence - a.confidence || a.name.localeCompare(b.name));
	const winner = exact[0];
	return winner === undefined ? null : { ...winner, confidence: Math.round(winner.confidence * 100) / 100 };
}
