/** Finds the hosts that a domain's names lead to: the domain itself, its servers, and names that many domains have. */
import { randomBytes } from "node:crypto";
import { formatAddress, parseAddress } from "../scope/address.ts";
import type { FoundHost } from "../store/maps.ts";
import { commonLabels, type NameServer, NameServerSilent } from "./names.ts";

const askedAtOnce = 16;
/** After so many questions in a row without an answer the name server is given up. */
const patience = 12;

/** Counts questions nobody answered; shared by all that ask one name server. */
export class Silence {
	#inARow = 0;
	lastCode: string | null = null;

	get givenUp(): boolean {
		return this.#inARow >= patience;
	}

	/** What the question gives; nothing when nobody answered, or when the server has been given up. */
	async ask(question: () => Promise<string[]>): Promise<string[]> {
		if (this.givenUp) return [];
		try {
			const answer = await question();
			if (!this.givenUp) this.#inARow = 0;
			return answer;
		} catch (err) {
			if (!(err instanceof NameServerSilent)) throw err;
			this.#inARow++;
			this.lastCode = err.message;
			return [];
		}
	}
}

/**
 * Hosts by the names that lead to them. A domain that answers for every name is recognised by a name nobody would give,
 * and what only it says is left out. `inNetblock` says whether an address belongs to the map's netblock.
 */
export async function lookUpNames(
	domain: string,
	server: NameServer,
	silence: Silence,
	inNetblock: (address: string) => boolean,
	onAsked: () => void,
): Promise<FoundHost[]> {
	const ask = (question: () => Promise<string[]>) => {
		onAsked();
		return silence.ask(question);
	};
	const anyName = `${randomBytes(8).toString("hex")}.${domain}`;
	const [anywhere, servers] = await Promise.all([
		ask(() => server.addressesOf(anyName)),
		ask(() => server.serversOf(domain)),
	]);
	const wildcard = new Set(anywhere);
	const own = new Set([domain, ...servers.filter((name) => name.endsWith(`.${domain}`))]);
	const guesses = commonLabels.map((label) => `${label}.${domain}`).filter((name) => !own.has(name));
	const names = new Map<string, Set<string>>();
	const waiting = [...own, ...guesses];
	const lane = async () => {
		for (let name = waiting.shift(); name !== undefined && !silence.givenUp; name = waiting.shift()) {
			const asked = name;
			for (const text of await ask(() => server.addressesOf(asked))) {
				const address = parseAddress(text);
				if (address === null || (!own.has(asked) && wildcard.has(text))) continue;
				const canonical = formatAddress(address);
				names.set(canonical, (names.get(canonical) ?? new Set()).add(asked));
			}
		}
	};
	await Promise.all(Array.from({ length: askedAtOnce }, lane));
	return [...names].map(([address, leading]) => ({
		...{ address, names: [...leading].sort(), netbios: null, rttMs: null },
		discovery: [{ method: "DNS" as const, port: null }],
		inNetblock: inNetblock(address),
	}));
}
