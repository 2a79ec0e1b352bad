/** Redis' answers (RESP2) to PING and INFO, and the INFO text. Pure and total over any bytes. */
import { type Software, unnamed } from "../software.ts";

/** What a first answer says about access. `not-redis`: no RESP simple string, error or bulk header. */
export type Access = "open" | "authentication" | "protected-mode" | "other-error" | "not-redis";

/** Reads the one line a server answers PING or INFO with. */
export function parseAccess(line: string): Access {
	const text = line.slice(0, 1_000);
	if (/^\+/.test(text) || /^[$*%=]-?\d{1,10}$/.test(text)) return "open";
	if (/^-(?:NOAUTH|NOPERM|WRONGPASS)\b/.test(text) || /^-ERR operation not permitted/i.test(text))
		return "authentication";
	if (/^-DENIED\b/.test(text)) return "protected-mode";
	return text.startsWith("-") ? "other-error" : "not-redis";
}

/** Length of the bulk string `$n` (or RESP3 verbatim `=n`) whose header this is; null when it is none or too long. */
export function bulkLength(line: string, maxBytes: number): number | null {
	const length = Number(/^[$=](\d{1,9})$/.exec(line)?.[1] ?? Number.NaN);
	return length <= maxBytes ? length : null;
}

/** Lines `name:value` of an INFO answer; section titles are left out. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
	const fields = new Map<string, string>();
	for (const line of text.slice(0, 65_536).split(/\r?\n/, 2_000)) {
		const at = line.indexOf(":");
		if (at > 0 && !line.startsWith("#")) fields.set(line.slice(0, at), line.slice(at + 1, at + 301));
	}
	return fields;
}

/** Forks keep `redis_version` for old clients' sake and tell their own beside it. */
export function softwareOf(info: ReadonlyMap<string, string>): Software {
	const of = (field: string) => info.get(field) || null;
	const compatible = of("redis_version");
	if (info.has("valkey_version")) return { product: "Valkey", version: of("valkey_version"), info: null };
	if (info.has("dragonfly_version")) {
		return { product: "Dragonfly", version: (of("dragonfly_version") ?? "").replace(/^df-v?/, "") || null, info: null };
	}
	if (info.has("kvrocks_version")) return { product: "Apache Kvrocks", version: of("kvrocks_version"), info: null };
	return compatible === null ? unnamed : { product: "Redis", version: compatible, info: null };
}

/** What a refusal gives away: `-DENIED Redis is running in protected mode …`. */
export function softwareOfDenial(line: string): Software {
	const product = /^-DENIED (Redis|Valkey) is running/.exec(line)?.[1];
	return product === undefined ? unnamed : { product, version: null, info: null };
}

/** How sure an answer to PING, or to an HTTP request, is Redis'. A POP3 error starts with -ERR too. */
export function recogniseRedis(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, 300);
	if (/^\+PONG\r?\n/.test(text)) return 1;
	if (/^-(?:NOAUTH|DENIED|NOPERM|MISCONF|LOADING|MASTERDOWN)\b/.test(text)) return 1;
	if (/^-ERR (?:unknown command|wrong number of arguments|operation not permitted|Protocol error)/i.test(text))
		return 0.95;
	return /^-ERR (?!\[)/.test(text) ? 0.3 : 0;
}
