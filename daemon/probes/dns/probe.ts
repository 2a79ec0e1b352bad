/** Asks a DNS server over UDP for its version and for a name that is not its own: two datagrams, each tried twice. */
import { randomInt } from "node:crypto";
import { type Learned, type Probe, type ProbeContext, ProbeFailure } from "../probe.ts";
import { type DnsAnswer, foreignQuery, looksLikeDns, parseAnswer, versionQuery } from "./parse.ts";
import { splitVersionBind } from "./software.ts";

const waitMs = 1_500;
const tries = 2;

export const probe: Probe = {
	name: "dns",
	transport: "udp",
	ports: [53, 5353],
	speaksFirst: "client",
	hello: () => versionQuery(0x7664),
	recognise: looksLikeDns,
	talk,
};

async function talk(context: ProbeContext): Promise<Learned> {
	const version = await ask(context, versionQuery);
	const foreign = await ask(context, foreignQuery);
	if (!version && !foreign) throw new ProbeFailure("timeout", "no DNS answer");
	const versionBind = version?.rcode === "NOERROR" ? (version.texts[0] ?? null) : null;
	const data = {
		...splitVersionBind(versionBind),
		recursion: foreign?.recursionAvailable === true && foreign.rcode !== "REFUSED",
		versionBind,
		authoritative: foreign?.authoritative ?? false,
		rcode: (foreign ?? version)?.rcode ?? "",
	};
	return [{ kind: "dns", data, complete: version !== null && foreign !== null }];
}

/** The answer to this very question; null on silence. Rejects when the port refuses. */
async function ask(context: ProbeContext, query: (id: number) => Buffer): Promise<DnsAnswer | null> {
	for (let i = 0; i < tries; i += 1) {
		const id = randomInt(0x10000);
		const bytes = await context.dial.exchange(query(id), waitMs);
		const answer = bytes && parseAnswer(bytes);
		if (answer && answer.id === id) return answer;
	}
	return null;
}
