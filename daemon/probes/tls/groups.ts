/** Key-exchange groups of the IANA registry (RFC 8422, RFC 7919, RFC 8446, hybrid ones of draft-ietf-tls-ecdhe-mlkem). */

const names: ReadonlyMap<number, string> = new Map([
	[29, "x25519"],
	[23, "secp256r1"],
	[24, "secp384r1"],
	[25, "secp521r1"],
	[30, "x448"],
	[4588, "X25519MLKEM768"],
	[4587, "SecP256r1MLKEM768"],
	[4589, "SecP384r1MLKEM1024"],
	[512, "MLKEM512"],
	[513, "MLKEM768"],
	[514, "MLKEM1024"],
	[256, "ffdhe2048"],
	[257, "ffdhe3072"],
	[258, "ffdhe4096"],
	[259, "ffdhe6144"],
	[260, "ffdhe8192"],
	[26, "brainpoolP256r1"],
	[27, "brainpoolP384r1"],
	[28, "brainpoolP512r1"],
	[31, "brainpoolP256r1tls13"],
	[32, "brainpoolP384r1tls13"],
	[33, "brainpoolP512r1tls13"],
	[41, "curveSM2"],
	[22, "secp256k1"],
	[20, "secp224k1"],
	[21, "secp224r1"],
	[18, "secp192k1"],
	[19, "secp192r1"],
	[15, "secp160k1"],
	[16, "secp160r1"],
	[17, "secp160r2"],
	[9, "sect283k1"],
	[10, "sect283r1"],
	[11, "sect409k1"],
	[12, "sect409r1"],
	[13, "sect571k1"],
	[14, "sect571r1"],
	[6, "sect233k1"],
	[7, "sect233r1"],
	[8, "sect239k1"],
	[1, "sect163k1"],
	[2, "sect163r1"],
	[3, "sect163r2"],
	[4, "sect193r1"],
	[5, "sect193r2"],
]);

/** Every group there is to offer, the common ones first. */
export const allGroups: readonly number[] = [...names.keys()];

/** Registered name, or `group-N`. */
export function groupName(id: number): string {
	return names.get(id) ?? `group-${id}`;
}

/** Elliptic curves as they may stand in a ServerKeyExchange of TLS 1.2 and before. */
export const curveGroups: readonly number[] = allGroups.filter((id) => id < 31);
