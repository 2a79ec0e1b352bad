/** Reads the targets of maps: `none:[netblock]`, `domain:[netblock]`, `domain`, and plain addresses. Pure, sends nothing. */
import { AppError } from "../../protocol/errors.ts";
import { noDomain } from "../../protocol/model/map.ts";
import { AddressSet } from "../scope/address-set.ts";
import { neverTargets } from "../scope/special.ts";
import { parseRange } from "../scope/targets.ts";

export interface MapTarget {
	/** Lower case, without the final dot; `none` for plain addresses. */
	readonly domain: string;
	/** As typed, one item each; null: no netblock was named. */
	readonly netblock: readonly string[] | null;
}

const formsHint =
	'Write "none:[192.0.2.0/24]", "example.org:[192.0.2.10-192.0.2.20, 192.0.2.64/28]", example.org alone, or plain addresses; quote the brackets, a shell reads them too.';

/**
 * One target for each domain, in the order they were first named; the netblocks of one domain are joined. A text may hold
 * several targets, and one target may be spread over several texts, as a shell does it at blanks. Throws `invalid` saying
 * what is wrong and how it is written right.
 */
export function parseMapTargets(texts: readonly string[]): MapTarget[] {
	const found = new Map<string, string[] | null>();
	let rest = texts.join(" ").replace(/\s+-\s+/g, "-");
	for (rest = skipBlanks(rest); rest !== ""; rest = skipBlanks(rest)) {
		const { target, length } = readTarget(rest);
		rest = rest.slice(length);
		const before = found.get(target.domain) ?? null;
		found.set(target.domain, target.netblock === null ? before : [...(before ?? []), ...target.netblock]);
	}
	if (found.size === 0) throw new AppError("invalid", "There is no target.", { hint: formsHint });
	return [...found].map(([domain, netblock]) => ({ domain, netblock }));
}

/**
 * The addresses of a netblock, those that are never a target left out. Throws `invalid` for what is not an address, block
 * or range (a name is not: it may lead anywhere), and when nothing remains.
 */
export function parseNetblock(items: readonly string[]): AddressSet {
	const ranges = items.flatMap(splitItems).map((item) => {
		const range = parseRange(item);
		if (range !== null) return range;
		throw wrong(item, "is not an address, block or range", "A netblock holds addresses; names stand in front of it.");
	});
	if (ranges.length === 0) throw new AppError("invalid", "The netblock is empty.", { hint: formsHint });
	const addresses = new AddressSet(ranges).subtract(neverTargets);
	if (addresses.size > 0) return addresses;
	throw new AppError("invalid", "The netblock holds only special addresses (unspecified, multicast, broadcast).", {
		hint: "Name the network behind them instead.",
	});
}

/** The addresses a map probes: none when it only looks up names. */
export function netblockOf(map: { readonly netblock: readonly string[] }): AddressSet {
	return map.netblock.length === 0 ? AddressSet.empty : parseNetblock(map.netblock);
}

/** A domain as it is kept and compared. Throws `invalid` when it is none. */
export function parseDomain(text: string): string {
	const name = text.toLowerCase().replace(/\.$/, "");
	if (name === noDomain) return name;
	const labels = name.split(".");
	const isName = name.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
	if (isName && !/^\d+$/.test(labels.at(-1) ?? "")) return name;
	throw wrong(text, "is neither a domain nor an address");
}

function readTarget(text: string): { target: MapTarget; length: number } {
	const head = /^[^\s,[\]{}()<>]*/.exec(text)?.[0] ?? "";
	const next = text[head.length] ?? "";
	if (/[{}()<>]/.test(next)) {
		throw wrong(word(text), `has a "${next}" where a square bracket belongs`);
	}
	if (next === "[") return readBracketed(text, head);
	if (next === "]") throw wrong(word(text), 'has a "]" without a "[" before it');
	if (head.endsWith(":") && parsed(head) === null) throw wrong(head, "has no netblock after the colon");
	const open = /^([^:]*):(.+)$/.exec(head);
	const behind = open?.[2] ?? "";
	if (open !== null && parsed(head) === null && parsed(behind) !== null) {
		throw wrong(head, "lacks the brackets around its netblock", `Write "${open[1]}:[${behind}]".`);
	}
	const range = parseRange(head);
	const target =
		range === null ? { domain: plainDomain(head), netblock: null } : { domain: noDomain, netblock: [head] };
	return { target, length: head.length };
}

function readBracketed(text: string, head: string): { target: MapTarget; length: number } {
	if (!head.endsWith(":")) {
		const said = head === "" ? "has no domain in front of it" : 'lacks the ":" before the bracket';
		throw wrong(word(text), said, `Write "${head === "" ? noDomain : head}:${word(text).slice(head.length)}".`);
	}
	const close = text.indexOf("]", head.length);
	if (close < 0) throw wrong(word(text), 'is never closed with a "]"');
	const inside = text.slice(head.length + 1, close);
	const stray = /[[{}()<>]/.exec(inside)?.[0];
	if (stray !== undefined) throw wrong(text.slice(0, close + 1), `has a "${stray}" inside the brackets`);
	if (/^[^\s,]/.test(text.slice(close + 1))) {
		throw wrong(word(text.slice(close + 1)), "stands right after a bracket", "Put a blank between two targets.");
	}
	const netblock = splitItems(inside);
	if (netblock.length === 0) throw wrong(text.slice(0, close + 1), "has an empty netblock");
	return { target: { domain: parseDomain(head.slice(0, -1)), netblock }, length: close + 1 };
}

/** A name of one label is more often a slip of the finger than a domain. */
function plainDomain(text: string): string {
	const domain = parseDomain(text);
	if (domain === noDomain || domain.includes(".") || text.endsWith(".")) return domain;
	throw wrong(text, "is neither an address nor a full domain name", `If it is a domain, write "${domain}.".`);
}

/** Null for what is no address, block or range, also when it looks like one gone wrong. */
function parsed(text: string) {
	try {
		return parseRange(text);
	} catch {
		return null;
	}
}

function splitItems(text: string): string[] {
	return text
		.replace(/\s+-\s+/g, "-")
		.split(/[\s,]+/)
		.filter((item) => item !== "");
}

function skipBlanks(text: string): string {
	return text.replace(/^[\s,]+/, "");
}

/** Up to the next blank: for a message. */
function word(text: string): string {
	return /^\S*/.exec(text)?.[0] ?? "";
}

function wrong(text: string, what: string, hint: string = formsHint): AppError {
	const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
	return new AppError("invalid", `${shown} ${what}.`, { hint, details: { text: text.slice(0, 253) } });
}
