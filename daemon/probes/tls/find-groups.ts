/** Which key-exchange groups a server accepts: by HelloRetryRequest in TLS 1.3, by ServerKeyExchange before. */
import type { TlsVersion } from "./build.ts";
import { certificateGroup } from "./certificate.ts";
import { findCipher } from "./ciphers.ts";
import type { Accepted, Teller } from "./enumerate.ts";
import { allGroups, curveGroups, groupName } from "./groups.ts";

interface Found {
	readonly version: TlsVersion;
	readonly first: Accepted;
	readonly ciphers: readonly number[];
}

/** Names in the order the server chose them, those of TLS 1.3 first. */
export async function findGroups(teller: Teller, found: readonly Found[]): Promise<string[]> {
	const groups = new Set<number>();
	for (const entry of [found.find(({ version }) => version === "TLSv1.3"), found.findLast(isLegacy)]) {
		if (entry !== undefined) for (const group of await groupsOf(teller, entry)) groups.add(group);
	}
	return [...groups].map(groupName);
}

function isLegacy({ version }: Found): boolean {
	return version !== "TLSv1.3" && version !== "SSLv3";
}

async function groupsOf(teller: Teller, { version, first, ciphers }: Found): Promise<number[]> {
	const tls13 = version === "TLSv1.3";
	const offered = tls13 ? ciphers : ciphers.filter((id) => findCipher(id)?.exchange === "ecdhe");
	if (offered.length === 0) return [];
	// An ECDSA certificate can only be used with a client that names its curve, so that curve always stays on offer.
	const leaf = first.certificates[0];
	const kept = tls13 || leaf === undefined ? null : certificateGroup(leaf);
	const remaining = new Set(tls13 ? allGroups : curveGroups);
	const found: number[] = [];
	while (remaining.size > 0) {
		const groups = [...remaining].filter((group) => group !== kept);
		if (kept !== null) groups.push(kept);
		const answer = await teller.offer({ version, ciphers: offered, groups }, !tls13);
		if (answer?.kind !== "accepted") break;
		const curve = answer.keyExchange?.kind === "curve" ? answer.keyExchange.group : null;
		const group = tls13 ? answer.hello.group : curve;
		if (group === null || !remaining.delete(group)) break;
		found.push(group);
	}
	return found;
}
