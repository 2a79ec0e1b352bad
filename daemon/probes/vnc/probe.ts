/** Talks RFB up to the list of security types and leaves; no type that lets one in is ever chosen. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import {
	answerVersion,
	letsIn,
	parseProtocol,
	parseSubtypes,
	recogniseVnc,
	securityTypeName,
	softwareOf,
} from "./parse.ts";

type Vnc = DataOf<"vnc">;

const vencrypt = 19;

export const probe: Probe = {
	name: "vnc",
	transport: "tcp",
	ports: [5900, 5901, 5902, 5903],
	speaksFirst: "server",
	recognise: recogniseVnc,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			const protocol = parseProtocol(await connection.readExactly(12));
			if (protocol === null) throw new ProbeFailure("protocol", "no RFB greeting");
			const data: Vnc = { ...softwareOf(protocol), protocol, securityTypes: [], authenticationRequired: true };
			const complete = await attempt(() => negotiate(connection, data));
			return [{ kind: "vnc", data, complete: complete && data.securityTypes.length > 0 }];
		} finally {
			connection.close();
		}
	},
};

async function negotiate(connection: Connection, data: Vnc): Promise<void> {
	const version = answerVersion(data.protocol);
	await connection.write(`RFB ${version}\n`);
	const types = version === "003.003" ? await readOneType(connection) : await readTypes(connection);
	data.securityTypes = types.map(securityTypeName);
	data.authenticationRequired = !letsIn(data.securityTypes);
	if (version !== "003.003" && types.includes(vencrypt) && data.authenticationRequired) {
		data.securityTypes.push(...(await readSubtypes(connection)));
		data.authenticationRequired = !letsIn(data.securityTypes);
	}
}

/** 3.3: the server decides, in four bytes; 0 is followed by a reason. */
async function readOneType(connection: Connection): Promise<number[]> {
	const type = (await connection.readExactly(4)).readUInt32BE(0);
	return type === 0 ? [] : [type];
}

/** 3.7 and 3.8: a count and that many types; a count of 0 is followed by a reason. */
async function readTypes(connection: Connection): Promise<number[]> {
	const count = (await connection.readExactly(1)).readUInt8(0);
	return [...(await connection.readExactly(count))];
}

/** VeNCrypt hides how one logs in behind TLS in a second list; asking for it chooses nothing yet. */
async function readSubtypes(connection: Connection): Promise<string[]> {
	await connection.write(Uint8Array.of(vencrypt));
	const version = await connection.readExactly(2);
	if (version[0] !== 0 || version[1] !== 2) return [];
	await connection.write(Uint8Array.of(0, 2));
	if ((await connection.readExactly(1))[0] !== 0) return [];
	const count = (await connection.readExactly(1)).readUInt8(0);
	return parseSubtypes(await connection.readExactly(count * 4));
}
