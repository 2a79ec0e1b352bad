import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { snmp } from "../../evidence/kinds/snmp.ts";
import { type DatagramServer, serveDatagrams } from "../dns/datagram.test-support.ts";
import { dialedContext } from "../http/dialed.test-support.ts";
import { readElement, readElements, readNumber } from "./ber.ts";
import { probe } from "./probe.ts";

const captured = (name: string) => readFileSync(new URL(`testdata/${name}.bin`, import.meta.url));
let server: DatagramServer | null = null;
afterEach(() => server?.close());

function asked(request: Buffer) {
	const [version, community, pdu] = readElements(readElement(request)!.element.content, 3)!;
	const [id] = readElements(pdu!.content, 4)!;
	return { version: readNumber(version), community: community!.content.toString(), id: readNumber(id)! };
}

/** The captured response under the id asked with; that one has two bytes where a new id may have up to four. */
function reply(name: string, id: number): Buffer {
	const bytes = captured(name);
	const at = bytes.indexOf(Buffer.from([0x02, 0x02, 0x12, 0x34]));
	const four = Buffer.from([0x02, 0x04, 0, 0, 0, 0]);
	four.writeInt32BE(id, 2);
	const longer = Buffer.concat([bytes.subarray(0, at), four, bytes.subarray(at + 4)]);
	// Two bytes more in the message and in the PDU, each of which has a length of one or two bytes.
	for (const tagAt of [0, longer.indexOf(0xa2)]) {
		const lengthAt = tagAt + 1 + (longer[tagAt + 1]! & 0x80 ? longer[tagAt + 1]! & 0x7f : 0);
		longer[lengthAt]! += 2;
	}
	return longer;
}

test("an agent with the community public, both versions", async () => {
	server = await serveDatagrams((request) => {
		const { version, community, id } = asked(request);
		return community === "public" ? reply(version === 0 ? "net-snmp-5.9.v1" : "net-snmp-5.9.v2c", id) : null;
	});
	const [lesson] = await probe.talk(dialedContext(server.port));
	expect(snmp.parse(lesson?.data)).toEqual({
		product: "Linux",
		version: "6.18.44-fc-v657",
		info: "#1 SMP PREEMPT_DYNAMIC @0 x86_64",
		versions: ["v1", "v2c"],
		communities: ["public"],
		sysDescr: "Linux vm 6.18.44-fc-v657 #1 SMP PREEMPT_DYNAMIC @0 x86_64",
		sysName: "box.test",
		sysObjectId: "1.3.6.1.4.1.8072.3.2.10",
		uptimeSeconds: 61.1,
	});
	expect(new Set(server.heard.map((request) => asked(request).community))).toEqual(new Set(["public", "private"]));
});

test("an agent that knows the community but not the objects has answered", async () => {
	server = await serveDatagrams((request) => {
		const { version, id } = asked(request);
		return version === 0 ? reply("net-snmp-5.9.no-such-name", id) : null;
	});
	const [lesson] = await probe.talk(dialedContext(server.port));
	expect(lesson?.data).toMatchObject({
		versions: ["v1"],
		communities: ["public", "private"],
		sysDescr: null,
		product: null,
	});
});

test("silence, and answers to other questions, are an outcome", async () => {
	server = await serveDatagrams(() => captured("net-snmp-5.9.v1"));
	await expect(probe.talk(dialedContext(server.port))).rejects.toMatchObject({
		name: "ProbeFailure",
		reason: "timeout",
	});
});
