/** Names that stay: the same finding and the same asset are called the same in every export and format, on this and no other daemon. */
import { hash } from "node:crypto";

/** UUID of version 5 (RFC 9562, 5.5): made from a namespace and a name. */
export function namedUuid(namespace: string, name: string): string {
	const bytes = Buffer.concat([Buffer.from(namespace.replaceAll("-", ""), "hex"), Buffer.from(name)]);
	const digest = hash("sha1", bytes, "buffer");
	digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
	digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
	const hex = digest.toString("hex", 0, 16);
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function findingUid(installation: string, id: number): string {
	return namedUuid(installation, `finding:${id}`);
}

export function assetUid(installation: string, id: number): string {
	return namedUuid(installation, `asset:${id}`);
}

/** What makes a finding the same one for somebody who compares exports of two daemons: what, and where on the network. */
export function fingerprint(parts: readonly (string | number | null)[]): string {
	return hash("sha256", JSON.stringify(parts));
}
