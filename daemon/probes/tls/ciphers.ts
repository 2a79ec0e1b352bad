/** What a cipher suite is worth, read off its registered name. */
import { cipherRuns } from "./cipher-names.ts";

export interface CipherSuite {
	readonly id: number;
	/** IANA name. */
	readonly name: string;
	/** Symmetric key strength; 0 for NULL, 112 for 3DES. */
	readonly bits: number;
	readonly forwardSecrecy: boolean;
	readonly anonymous: boolean;
	readonly export: boolean;
	readonly aead: boolean;
	/** How the server's ServerKeyExchange is laid out, as far as it is read. */
	readonly exchange: "ecdhe" | "dhe" | "other";
	/** Suites of TLS 1.3 and the others never mix. */
	readonly tls13: boolean;
}

const suites: ReadonlyMap<number, CipherSuite> = new Map(
	cipherRuns.flatMap(([first, names]) =>
		names.split(/\s+/).map((name, index): [number, CipherSuite] => [first + index, describe(first + index, name)]),
	),
);

/** Null for numbers nobody has named. */
export function findCipher(id: number): CipherSuite | null {
	return suites.get(id) ?? null;
}

/** Every suite a ClientHello of that family may offer, strong ones first, since some servers read only so many. */
export function ciphersToOffer(tls13: boolean): number[] {
	return [...suites.values()]
		.filter((suite) => suite.tls13 === tls13)
		.sort((a, b) => rank(b) - rank(a) || a.id - b.id)
		.map((suite) => suite.id);
}

/** The suites that nearly every server since 1996 has one of: for servers that choke on a long offer. */
export const commonCiphers: readonly number[] = [
	0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9, 0x009e, 0x009f, 0xc013, 0xc009, 0xc014, 0xc00a, 0x0033, 0x0039,
	0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035, 0x000a, 0x0016, 0x0005, 0x0004, 0x0009, 0x0003,
];

function rank(suite: CipherSuite): number {
	const common = commonCiphers.indexOf(suite.id);
	return common >= 0 ? 1_000 - common : 0;
}

function describe(id: number, short: string): CipherSuite {
	// RFC 9367 names its TLS 1.3 suites the old way.
	const tls13 = !short.includes("_WITH_") || short.includes("_MGM_");
	const [keys, cipher] = short.includes("_WITH_") ? splitOnce(short, "_WITH_") : ["", short];
	const anonymous = keys.includes("_anon");
	const ephemeralEc = keys.startsWith("ECDHE_") || keys === "ECDH_anon";
	const ephemeralField = keys.startsWith("DHE_") || keys.startsWith("DH_anon");
	const psk = keys.includes("PSK");
	return {
		id,
		name: `TLS_${short}`,
		bits: bitsOf(cipher),
		forwardSecrecy: tls13 || ephemeralEc || ephemeralField || keys === "ECCPWD" || keys === "PSK_DHE",
		anonymous,
		export: keys.includes("EXPORT"),
		aead: /GCM|CCM|POLY1305|AEGIS|MGM/.test(cipher),
		exchange: psk ? "other" : ephemeralEc ? "ecdhe" : ephemeralField ? "dhe" : "other",
		tls13,
	};
}

function splitOnce(text: string, mark: string): [string, string] {
	const at = text.indexOf(mark);
	return [text.slice(0, at), text.slice(at + mark.length)];
}

function bitsOf(cipher: string): number {
	if (cipher.includes("NULL") || /^SHA\d+_SHA\d+$/.test(cipher)) return 0;
	if (cipher.startsWith("3DES")) return 112;
	const told = /^(?:AES|ARIA|CAMELLIA|RC4|RC2_CBC|AEGIS|DES_CBC)_(\d+)/.exec(cipher)?.[1];
	if (told !== undefined) return Number(told);
	if (cipher.startsWith("DES40")) return 40;
	if (cipher.startsWith("DES")) return 56;
	return /^(?:CHACHA20|KUZNYECHIK|MAGMA|28147)/.test(cipher) ? 256 : 128;
}
