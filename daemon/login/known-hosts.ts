/** OpenSSH's known_hosts (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): which key a host had before. Pure. */
import { createHmac, timingSafeEqual } from "node:crypto";

export interface KnownHost {
	/** `@cert-authority`, `@revoked` or none. */
	readonly marker: "cert-authority" | "revoked" | null;
	readonly patterns: readonly string[];
	/** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, … */
	readonly type: string;
	/** The key's blob, base64. */
	readonly key: string;
	/** From 1. */
	readonly line: number;
}

/**
 * - `known`: this very key. `changed`: other keys of the same type, and not this one. `other-type`: known by keys of other
 *   types only. `unknown`: nothing is known of the host. `revoked`: this key must not be trusted, whatever else is there.
 */
export type HostKeyJudgement = "known" | "changed" | "other-type" | "unknown" | "revoked";

const mostLines = 100_000;
const longestLine = 16_384;

/** What cannot be read is left out: it trusts nobody. */
export function parseKnownHosts(text: string): KnownHost[] {
	return text
		.split("\n", mostLines)
		.flatMap((line, i) => (line.length > longestLine ? [] : parseLine(line.trim(), i + 1)));
}

function parseLine(line: string, number: number): KnownHost[] {
	if (line === "" || line.startsWith("#")) return [];
	const words = line.split(/[ \t]+/);
	const marker = words[0]?.startsWith("@") === true ? words.shift() : undefined;
	const [patterns = "", type = "", key = ""] = words;
	const known = marker === undefined || marker === "@cert-authority" || marker === "@revoked";
	if (!known || !/^[a-z0-9@.-]+$/i.test(type) || !/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return [];
	const kind = marker === undefined ? null : marker === "@revoked" ? "revoked" : "cert-authority";
	return [{ marker: kind, patterns: patterns.split(","), type, key, line: number }];
}

/** `host`: the name as it was asked for, or its HostKeyAlias; `key`: the blob the server proved to have. */
export function judgeHostKey(
	entries: readonly KnownHost[],
	host: string,
	port: number,
	key: { readonly type: string; readonly blob: Uint8Array },
): HostKeyJudgement {
	const offered = Buffer.from(key.blob).toString("base64");
	const name = hostName(host, port);
	const same = ({ key: kept }: KnownHost) => kept === offered;
	const mine = entries.filter(({ patterns }) => matches(patterns, name));
	if (entries.some((entry) => entry.marker === "revoked" && same(entry) && matches(entry.patterns, name)))
		return "revoked";
	const plain = mine.filter(({ marker }) => marker === null);
	if (plain.some(same)) return "known";
	if (plain.some(({ type }) => type === key.type)) return "changed";
	return plain.length > 0 ? "other-type" : "unknown";
}

/** Types a host has been known by, so that it is asked for a key that can be compared. In the file's order. */
export function knownTypes(entries: readonly KnownHost[], host: string, port: number): string[] {
	const name = hostName(host, port);
	const mine = entries.filter(({ marker, patterns }) => marker === null && matches(patterns, name));
	return [...new Set(mine.map(({ type }) => type))];
}

/** A port other than 22 is part of the name: `[host]:2222`. */
export function hostName(host: string, port: number): string {
	const lower = host.toLowerCase();
	return port === 22 ? lower : `[${lower}]:${port}`;
}

/** A negated pattern that matches outdoes all others of its line. */
function matches(patterns: readonly string[], name: string): boolean {
	let found = false;
	for (const pattern of patterns) {
		if (pattern.startsWith("!")) {
			if (matchesOne(pattern.slice(1), name)) return false;
		} else found ||= matchesOne(pattern, name);
	}
	return found;
}

/** `|1|salt|hash`: HMAC-SHA1 of the name; else `*` and `?` stand for characters. */
function matchesOne(pattern: string, name: string): boolean {
	if (pattern.startsWith("|")) {
		const [, version, salt = "", hash = ""] = pattern.split("|");
		const expected = Buffer.from(hash, "base64");
		if (version !== "1" || expected.length !== 20) return false;
		const found = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
		return timingSafeEqual(found, expected);
	}
	return matchesWildcards(pattern.toLowerCase(), name);
}

/** Linear in the name for each star: no pattern makes it slow. */
function matchesWildcards(pattern: string, name: string): boolean {
	let [at, inName, star, mark] = [0, 0, -1, 0];
	while (inName < name.length) {
		if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[inName])) {
			at++;
			inName++;
		} else if (pattern[at] === "*") {
			star = at++;
			mark = inName;
		} else if (star >= 0) {
			at = star + 1;
			inName = ++mark;
		} else return false;
	}
	while (pattern[at] === "*") at++;
	return at === pattern.length;
}
