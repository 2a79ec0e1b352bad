/**
 * HalfSipHash (Aumasson, Bernstein: the 32-bit relative of SipHash): what a probe carries so that its answer proves
 * itself, without anything being remembered about the probe. Pure.
 */

/** Two 32-bit words of key. */
export type HashKey = readonly [number, number];

/** The 32-bit hash of the first `count` words, unsigned. Rounds 1 and 3 unless said otherwise: fast, and enough for a cookie. */
export function keyedHash(key: HashKey, words: Uint32Array, count: number, perWord = 1, atEnd = 3): number {
	let v0 = key[0] | 0;
	let v1 = key[1] | 0;
	let v2 = 0x6c796765 ^ key[0];
	let v3 = 0x74656462 ^ key[1];
	for (let i = 0; i <= count + 1; i++) {
		const ending = i > count;
		// The last word is the length in bytes, in its highest byte.
		const word = i < count ? (words[i] ?? 0) : (count * 4) << 24;
		if (ending) v2 ^= 0xff;
		else v3 ^= word;
		for (let round = ending ? atEnd : perWord; round > 0; round--) {
			v0 = (v0 + v1) | 0;
			v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
			v0 = (v0 << 16) | (v0 >>> 16);
			v2 = (v2 + v3) | 0;
			v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
			v0 = (v0 + v3) | 0;
			v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
			v2 = (v2 + v1) | 0;
			v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
			v2 = (v2 << 16) | (v2 >>> 16);
		}
		if (!ending) v0 ^= word;
	}
	return (v1 ^ v3) >>> 0;
}
