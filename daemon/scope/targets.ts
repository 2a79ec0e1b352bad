/** Reads targets and exclusions as people type them. No I/O: names are resolved by the function handed in. */
import { isIPv6 } from "node:net";
import { AppError } from "../../protocol/errors.ts";
import { type Address, addressBits, formatAddress, parseAddress } from "./address.ts";
import { type AddressRange, AddressSet } from "./address-set.ts";
import { neverTargets } from "./special.ts";

/** Addresses of a host name, any families; rejects or returns nothing when it has none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export interface Targets {
	readonly addresses: AddressSet;
	/** Canonical address to the host name it was asked for by; addresses typed as such are not in it. */
	readonly names: ReadonlyMap<string, string>;
	/** What a person should know before the scan starts, full sentences. */
	readonly warnings: readonly string[];
}

/** Largest IPv6 block that may be a target: 2^20 addresses, a /108. Exclusions may be of any size. */
const maxIpv6Block = 1n << 20n;
/** A name with more addresses than this is answered by something odd; the rest is left out. */
const maxAddressesPerName = 64;
const resolvedAtOnce = 16;

const formsHint =
	"Write an address (192.0.2.7, 2001:db8::7), a block (192.0.2.0/24), a range (192.0.2.10-192.0.2.20 or 192.0.2.10-20) or a host name.";

/**
 * Reads the targets of a scan: each item may hold several, separated by commas or spaces. Throws `invalid` naming the first
 * text that is not a target, lies wholly in a block that is never one (multicast, 0.0.0.0/8, …) or does not resolve.
 */
export async function parseTargets(texts: readonly string[], options: { resolve: ResolveName }): Promise<Targets> {
	const { ranges, names, warnings } = await readAll(texts, options.resolve, maxIpv6Block);
	if (ranges.length === 0) throw new AppError("invalid", "There is no target.", { hint: formsHint });
	for (const { text, range } of ranges) {
		if (new AddressSet([range]).subtract(neverTargets).size > 0) continue;
		throw new AppError("invalid", `${quote(text)} is a special address (unspecified, multicast or broadcast).`, {
			hint: "Name the hosts behind it instead.",
			details: { text },
		});
	}
	const asked = new AddressSet(ranges.map(({ range }) => range));
	const addresses = asked.subtract(neverTargets);
	const dropped = asked.size - addresses.size;
	if (dropped > 0) {
		warnings.push(`${dropped} special addresses (multicast, broadcast, 0.0.0.0/8) inside the targets are left out.`);
	}
	return { addresses, names, warnings };
}

/** Reads exclusions: the same forms as targets, blocks of any size. A name that does not resolve is `invalid` here too. */
export async function parseExclusions(
	texts: readonly string[],
	options: { resolve: ResolveName },
): Promise<AddressSet> {
	const { ranges } = await readAll(texts, options.resolve, null);
	return new AddressSet(ranges.map(({ range }) => range));
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

interface Read {
	readonly ranges: { text: string; range: AddressRange }[];
	readonly names: Map<string, string>;
	readonly warnings: string[];
}

async function readAll(texts: readonly string[], resolve: ResolveName, ipv6Limit: bigint | null): Promise<Read> {
	const read: Read = { ranges: [], names: new Map(), warnings: [] };
	const hostNames = new Set<string>();
	for (const text of texts) {
		const items = splitTargets(text);
		if (items.length === 0) throw new AppError("invalid", "A target is empty.", { hint: formsHint });
		for (const item of items) {
			const range = parseRange(item, ipv6Limit);
			if (range !== null) read.ranges.push({ text: item, range });
			else hostNames.add(checkedName(item));
		}
	}
	const waiting = [...hostNames];
	while (waiting.length > 0) {
		const some = waiting.splice(0, resolvedAtOnce);
		const found = await Promise.all(some.map((name) => addressesOf(name, resolve)));
		some.forEach((name, i) => {
			addName(read, name, found[i] ?? []);
		});
	}
	return read;
}

/** Blanks around a dash belong to the range; all other blanks and commas separate. */
export function splitTargets(text: string): string[] {
	return text
		.replace(/\s+-\s+/g, "-")
		.split(/[\s,]+/)
		.filter((item) => item !== "");
}

function addName(read: Read, name: string, addresses: readonly Address[]): void {
	for (const address of addresses) {
		const text = formatAddress(address);
		read.ranges.push({ text: name, range: { family: address.family, first: address.value, last: address.value } });
		const other = read.names.get(text);
		if (other === undefined) read.names.set(text, name);
		else read.warnings.push(`${name} and ${other} are both ${text}; it is scanned once, as ${other}.`);
	}
}

async function addressesOf(name: string, resolve: ResolveName): Promise<Address[]> {
	let texts: readonly string[] = [];
	let cause: unknown;
	try {
		texts = await resolve(name);
	} catch (err) {
		cause = err;
	}
	const unique = new Map<string, Address>();
	for (const text of texts.slice(0, maxAddressesPerName)) {
		const address = parseAddress(text);
		if (address !== null) unique.set(formatAddress(address), address);
	}
	if (unique.size > 0) return [...unique.values()];
	throw new AppError("invalid", `The host name ${quote(name)} does not resolve to any address.`, {
		hint: "Check the spelling and this machine's name servers, or give the address itself.",
		details: { text: name },
		cause,
	});
}

/** RFC 1123 host name (underscores let through, as found in practice), lower case, without the final dot. */
function checkedName(text: string): string {
	const name = text.toLowerCase().replace(/\.$/, "");
	const labels = name.split(".");
	const fits = name.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
	if (!fits || /^\d+$/.test(labels.at(-1) ?? "")) throw wrong(text, "is not an address or a host name");
	return name;
}

function wrong(text: string, what: string, hint: string = formsHint): AppError {
	return new AppError("invalid", `${quote(text)} ${what}.`, { hint, details: { text } });
}

function quote(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
