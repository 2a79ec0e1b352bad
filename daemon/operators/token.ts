/** Access tokens: making one and finding whose it is. The secret itself is never kept. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Begins every token, so that one that got into a log or a repository is recognised for what it is. */
const prefix = "vdt_";
const secretBytes = 32;

/** A new secret of 256 random bits, and what is kept of it: with so many bits a plain hash is as good as a slow one. */
export function makeToken(): { secret: string; hash: string } {
	const secret = prefix + randomBytes(secretBytes).toString("base64url");
	return { secret, hash: hashOfToken(secret) };
}

function hashOfToken(secret: string): string {
	return createHash("sha256").update(secret).digest("hex");
}

/** The one whose secret this is. Compares with all of them, each in constant time: how long it takes tells nothing. */
export function findByToken<T extends { readonly hash: string }>(tokens: readonly T[], secret: string): T | null {
	const given = Buffer.from(hashOfToken(secret), "hex");
	let found: T | null = null;
	for (const token of tokens) {
		const kept = Buffer.from(token.hash, "hex");
		if (kept.length === given.length && timingSafeEqual(kept, given)) found = token;
	}
	return found;
}
