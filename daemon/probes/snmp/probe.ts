/**
 * Asks an SNMP agent for its system group, v1 and v2c, with the two communities agents are shipped with. A wrong community is
 * met with silence, so the four questions are asked side by side.
 */
import { randomInt } from "node:crypto";
import { type Learned, type Probe, type ProbeContext, ProbeFailure } from "../probe.ts";
import {
	getRequest,
	looksLikeSnmp,
	parseResponse,
	type SnmpResponse,
	type SnmpVersion,
	systemObjects,
} from "./parse.ts";
import { splitSysDescr } from "./software.ts";

const versions: readonly SnmpVersion[] = ["v1", "v2c"];
/** That is the whole list: nothing else is ever tried. */
const communities = ["public", "private"] as const;
const objects = Object.values(systemObjects);
const waitMs = 1_500;
const tries = 2;

export const probe: Probe = {
	name: "snmp",
	transport: "udp",
	ports: [161],
	speaksFirst: "client",
	hello: () => getRequest("v1", "public", 0x76646574, [systemObjects.sysDescr]),
	recognise: looksLikeSnmp,
	talk,
};

async function talk(context: ProbeContext): Promise<Learned> {
	const pairs = communities.flatMap((community) => versions.map((version) => ({ community, version })));
	let heard = false;
	const responses = await Promise.all(
		pairs.map(async ({ version, community }) => {
			// Who has answered another question is reached: silence is then an answer, and no datagram that got lost.
			for (let i = 0; i < tries && !(i > 0 && heard); i += 1) {
				const response = await ask(context, version, community);
				if (!response) continue;
				heard = true;
				return response;
			}
			return null;
		}),
	);
	const answered = pairs.filter((_, i) => responses[i] !== null);
	if (answered.length === 0) throw new ProbeFailure("timeout", "no SNMP answer");
	const told = <T>(pick: (response: SnmpResponse) => T | null): T | null =>
		responses.map((response) => response && pick(response)).find((value) => value !== null) ?? null;
	const sysDescr = told((response) => response.sysDescr);
	const data = {
		...splitSysDescr(sysDescr),
		versions: versions.filter((version) => answered.some((pair) => pair.version === version)),
		communities: communities.filter((community) => answered.some((pair) => pair.community === community)),
		sysDescr,
		sysName: told((response) => response.sysName),
		sysObjectId: told((response) => response.sysObjectId),
		uptimeSeconds: told((response) => response.uptimeSeconds),
	};
	return [{ kind: "snmp", data }];
}

/** The response to this very question; null on silence. Rejects when the port refuses. */
async function ask(context: ProbeContext, version: SnmpVersion, community: string): Promise<SnmpResponse | null> {
	const requestId = randomInt(0x7fffffff);
	const bytes = await context.dial.exchange(getRequest(version, community, requestId, objects), waitMs);
	const response = bytes && parseResponse(bytes);
	return response && response.requestId === requestId && response.version === version ? response : null;
}
