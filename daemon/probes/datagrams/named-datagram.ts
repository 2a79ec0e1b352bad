/** What a recogniser of datagrams is, and what it tells. */

export interface NamedDatagram {
	/** Protocol, as a service is called on screen. */
	readonly name: string;
	readonly product: string | null;
	readonly version: string | null;
	readonly info: string | null;
}

export interface Recogniser {
	/** Only answers of these ports are looked at: the protocol has too little in its answers to tell it by. */
	readonly ports?: readonly number[];
	/** Null for bytes of another protocol. Missing fields are not told. At most 2 KiB are given. */
	read(bytes: Buffer): (Partial<NamedDatagram> & { readonly name: string }) | null;
}

const longest = 200;

/** Printable ASCII, with what else there is as blanks; null when nothing is left. */
export function clean(text: string | null): string | null {
	const shown = (text ?? "")
		.replace(/[^\x20-\x7e]+/g, " ")
		.trim()
		.slice(0, longest)
		.trim();
	return shown === "" ? null : shown;
}

/** Software that says `Name/1.2` of itself: the last such word, which is the program and not what it runs on. */
export function softwareIn(text: string): { product: string | null; version: string | null } {
	const words = Array.from(
		text.slice(0, 512).matchAll(/([A-Za-z][A-Za-z0-9_.+-]{0,60})\/v?(\d[A-Za-z0-9.+~_-]{0,40})/g),
	);
	const last = words.findLast(([, name = ""]) => !/^(upnp|http|sip|linux)$/i.test(name));
	return { product: last?.[1] ?? null, version: last?.[2] ?? null };
}

/** The value of a header line in an HTTP-like message; null when there is none. */
export function headerOf(text: string, ...names: readonly string[]): string | null {
	for (const line of text.split(/\r?\n/, 64)) {
		const colon = line.indexOf(":");
		if (colon > 0 && names.includes(line.slice(0, colon).trim().toLowerCase())) return line.slice(colon + 1).trim();
	}
	return null;
}

export function startsWith(bytes: Buffer, hex: string): boolean {
	const wanted = Buffer.from(hex, "hex");
	return bytes.length >= wanted.length && bytes.subarray(0, wanted.length).equals(wanted);
}
