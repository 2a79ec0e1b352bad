/**
 * One target as it is written, on the command line, in a file or in a request: an address, a block, a range, a host name,
 * an asset group, a tag or a list handed over before. Pure: names are not looked up here.
 */
import { isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { AppError } from "../errors.ts";
import { type Address, addressBits, formatAddress, parseAddress } from "./address.ts";
import type { AddressRange } from "./address-set.ts";

export type TargetItem =
	| { readonly kind: "range"; readonly range: AddressRange }
	/** Lower case, without the final dot, in the letters of the DNS (RFC 5891 A-labels). */
	| { readonly kind: "name"; readonly name: string }
	| { readonly kind: "group"; readonly title: string }
	/** What carries the tag, or one below it; with `ranges` also the addresses its rule is written with. */
	| { readonly kind: "tag"; readonly name: string; readonly ranges: boolean }
	/** A list that `lists.add` made. */
	| { readonly kind: "list"; readonly list: number };

/** Largest IPv6 block that may be a target: 2^20 addresses, a /108. Exclusions may be of any size. */
export const maxIpv6Block = 1n << 20n;

/** What stands in front of the title of an asset group, of the name of a tag, and of the number of a list. */
export const groupPrefix = "group:";
export const tagPrefix = "tag:";
export const tagRangesPrefix = "tag-ranges:";
export const listPrefix = "list:";

export const formsHint =
	'Write an address (192.0.2.7, 2001:db8::7), a block (192.0.2.0/24), a range (192.0.2.10-192.0.2.20 or 192.0.2.10-20), a host name, an asset group (group:Web, group:"Web servers") or a tag (tag:Web).';

/** Throws `invalid` saying what is wrong. `ipv6Limit`: the largest IPv6 block; null for any. */
export function readItem(text: string, ipv6Limit: bigint | null = maxIpv6Block): TargetItem {
	const prefix = prefixOf(text);
	if (prefix === groupPrefix) return { kind: "group", title: nameBehind(prefix, text) };
	if (prefix !== null) return { kind: "tag", name: nameBehind(prefix, text), ranges: prefix === tagRangesPrefix };
	if (text.startsWith(listPrefix)) return { kind: "list", list: listNumber(text) };
	const range = parseRange(text, ipv6Limit);
	return range === null ? { kind: "name", name: hostName(text) } : { kind: "range", range };
}

/**
 * The items of a text: blanks and commas separate them, blanks around a dash belong to a range. An asset group's title and
 * a tag's name with blanks stand in double quotes; without them they go on to the next comma.
 */
export function splitTargets(text: string): string[] {
	const items: string[] = [];
	let rest = text;
	for (;;) {
		rest = rest.replace(/^[\s,]+/, "");
		if (rest === "") return items;
		const item =
			/^(?:group|tag|tag-ranges):\s*(?:"[^"]*"?|[^,]*)/i.exec(rest)?.[0] ??
			/^[^\s,]+(?:\s+-\s+[^\s,]+)?/.exec(rest)?.[0] ??
			rest;
		items.push(prefixOf(item) !== null ? item.trim() : item.replace(/\s+/g, ""));
		rest = rest.slice(item.length);
	}
}

/** An asset group as a target is written: in quotes where its title needs them. */
export function groupTarget(title: string): string {
	return groupPrefix + quoted(title);
}

/** The same for a tag. */
export function tagTarget(name: string, ranges = false): string {
	return (ranges ? tagRangesPrefix : tagPrefix) + quoted(name);
}

/** What is written by name and means other addresses tomorrow. */
export type NamedItem = Extract<TargetItem, { readonly kind: "group" | "tag" }>;

export function namedTarget(item: NamedItem): string {
	return item.kind === "group" ? groupTarget(item.title) : tagTarget(item.name, item.ranges);
}

/**
 * One address, block or range; null when the text does not even look like one (then it may be a host name). Throws `invalid`
 * when it does look like one but is wrong.
 */
export function parseRange(text: string, ipv6Limit: bigint | null = maxIpv6Block): AddressRange | null {
	const single = parseAddress(text);
	if (single !== null) return { family: single.family, first: single.value, last: single.value };
	const range = readBlock(text) ?? readDashed(text);
	if (range !== null) {
		const size = range.last - range.first + 1n;
		if (range.family === 6 && ipv6Limit !== null && size > ipv6Limit) {
			throw wrong(text, "is too large an IPv6 block to scan address by address", "Use a /108 or smaller.");
		}
		return range;
	}
	if (/^[\d.\-/\s]*$/.test(text)) throw wrong(text, "is not an IPv4 address, block or range");
	if (isIPv6(text))
		throw wrong(text, "has a zone, which is not supported", "Write the address without the part after %.");
	if (text.includes(":") || text.includes("/")) {
		const what = /^[a-z]+:\/\//i.test(text) ? "is a URL, not a host" : "is not an address or block";
		throw wrong(text, what);
	}
	return null;
}

/**
 * RFC 1123 host name (underscores let through, as found in practice), lower case, without the final dot; a name in other
 * letters becomes what the DNS calls it (RFC 5891). Throws `invalid`.
 */
export function hostName(text: string): string {
	const ascii = /^[\x20-\x7e]*$/.test(text) ? text : domainToASCII(text);
	const name = ascii.toLowerCase().replace(/\.$/, "");
	const labels = name.split(".");
	const fits = name.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
	if (!fits || /^\d+$/.test(labels.at(-1) ?? "")) throw wrong(text, "is not an address or a host name");
	return name;
}

/** A range as a target is written: an address, a block where it is one, else first and last. */
export function rangeText({ family, first, last }: AddressRange): string {
	const size = last - first + 1n;
	const from = formatAddress({ family, value: first });
	if (size === 1n) return from;
	const bits = size.toString(2).length - 1;
	if (size === 1n << BigInt(bits) && first % size === 0n) return `${from}/${addressBits(family) - bits}`;
	return `${from}-${formatAddress({ family, value: last })}`;
}

/** A text in quotes, cut where it would fill the screen. */
export function quote(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

type Prefix = typeof groupPrefix | typeof tagPrefix | typeof tagRangesPrefix;

function prefixOf(text: string): Prefix | null {
	const start = /^[a-z-]+:/i.exec(text)?.[0].toLowerCase();
	return ([groupPrefix, tagPrefix, tagRangesPrefix] as const).find((prefix) => prefix === start) ?? null;
}

function nameBehind(prefix: Prefix, text: string): string {
	const rest = text.slice(prefix.length).trim();
	const [, quoted, plain] = /^(?:"([^"]*)"|([^"]*))$/.exec(rest) ?? [];
	const name = (quoted ?? plain ?? "").trim();
	if (name !== "") return name;
	const nothing = prefix === groupPrefix ? "names no asset group" : "names no tag";
	throw wrong(
		text,
		rest === "" ? nothing : "has a quotation mark too many or too few",
		`Write ${prefix}Web or ${prefix}"Web servers".`,
	);
}

function quoted(name: string): string {
	return /[\s,]/.test(name) ? `"${name}"` : name;
}

function listNumber(text: string): number {
	const number = Number(text.slice(listPrefix.length));
	if (Number.isSafeInteger(number) && number > 0) return number;
	throw wrong(text, "is not the number of a list");
}

function readBlock(text: string): AddressRange | null {
	const slash = text.indexOf("/");
	if (slash < 0) return null;
	const address = parseAddress(text.slice(0, slash));
	if (address === null) return null;
	// The prefix of a mapped IPv6 address counts bits of the long form.
	const mapped = address.family === 4 && text.slice(0, slash).includes(":");
	const bits = addressBits(address.family);
	const prefixText = text.slice(slash + 1);
	const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) - (mapped ? 96 : 0) : -1;
	if (prefix < 0 || prefix > bits) {
		throw wrong(text, `has a wrong prefix length: it must be 0 to ${bits}`);
	}
	const hostBits = BigInt(bits - prefix);
	const first = (address.value >> hostBits) << hostBits;
	return { family: address.family, first, last: first + (1n << hostBits) - 1n };
}

function readDashed(text: string): AddressRange | null {
	const dash = text.indexOf("-");
	if (dash < 0) return null;
	const first = parseAddress(text.slice(0, dash).trim());
	if (first === null) return null;
	const last = readRangeEnd(first, text.slice(dash + 1).trim());
	if (last === null || last.family !== first.family) throw wrong(text, "is not a range: the end is not an address");
	if (last.value < first.value) {
		throw wrong(text, "runs backwards", `Did you mean ${formatAddress(last)}-${formatAddress(first)}?`);
	}
	return { family: first.family, first: first.value, last: last.value };
}

/** `10.0.0.1-20` ends at 10.0.0.20; anything else is a whole address. */
function readRangeEnd(first: Address, text: string): Address | null {
	if (first.family === 4 && /^\d{1,3}$/.test(text) && Number(text) <= 255) {
		return { family: 4, value: (first.value & ~255n) | BigInt(Number(text)) };
	}
	return parseAddress(text);
}

export function wrong(text: string, what: string, hint: string = formsHint): AppError {
	return new AppError("invalid", `${quote(text)} ${what}.`, { hint, details: { text } });
}
