/** memcached's answers to version and stats (its protocol.txt). Pure and total over any bytes. */
import type { Software } from "../software.ts";

/** Lines of a stats answer believed in. */
export const maxStats = 512;

/** `VERSION 1.6.18` into product and version; null when the line is none. */
export function parseVersion(line: string): Software | null {
	const found = /^VERSION (\S{1,40})(?: (.{1,100}))?$/.exec(line);
	return found ? { product: "memcached", version: found[1] ?? null, info: found[2] ?? null } : null;
}

/** A refusal memcached writes: ERROR, CLIENT_ERROR unauthenticated, SERVER_ERROR …. */
export function isRefusal(line: string): boolean {
	return /^(?:ERROR$|CLIENT_ERROR |SERVER_ERROR )/.test(line);
}

/** `STAT name value`; null when the line is none. */
export function parseStat(line: string): readonly [name: string, value: string] | null {
	const found = /^STAT (\S{1,100}) (.{0,300})$/.exec(line);
	return found ? [found[1] ?? "", found[2] ?? ""] : null;
}

/** A whole number of objects, or null. */
export function parseCount(text: string | undefined): number | null {
	const count = /^\d{1,15}$/.test(text ?? "") ? Number(text) : Number.NaN;
	return Number.isSafeInteger(count) ? count : null;
}

/** How sure an answer to `version` (or to another protocol's hello) is memcached's. */
export function recogniseMemcached(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, 200);
	if (/^VERSION \d\S*\r\n/.test(text)) return 1;
	if (/^CLIENT_ERROR (?:unauthenticated|bad|line)/.test(text)) return 0.95;
	if (/^(?:CLIENT|SERVER)_ERROR /.test(text)) return 0.8;
	return text.startsWith("ERROR\r\n") ? 0.7 : 0;
}
