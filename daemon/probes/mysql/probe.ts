/**
 * Reads a MySQL or MariaDB server's first packet and leaves. The server counts every unfinished handshake against the
 * caller's address and, from max_connect_errors (100 by default) on, lets nobody in from there; so looks are few.
 */
import type { DataOf } from "../../evidence/record.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import {
	type FirstPacket,
	parseFirstPacket,
	payloadLength,
	recogniseMysql,
	softwareOfError,
	softwareOfVersion,
	sslRequest,
} from "./parse.ts";

type Mysql = DataOf<"mysql">;

export const probe: Probe = {
	name: "mysql",
	transport: "tcp",
	ports: [3306, 3307, 4000],
	speaksFirst: "server",
	recognise: recogniseMysql,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			return [{ kind: "mysql", data: describe(await readFirstPacket(connection)) }];
		} finally {
			connection.close();
		}
	},

	async startTls(connection): Promise<boolean> {
		const first = await readFirstPacket(connection);
		if (first.kind !== "handshake" || !first.tlsOffered) return false;
		await connection.write(sslRequest());
		return true;
	},

	// Each unfinished handshake counts towards max_connect_errors (100 by default), after which the server blocks the
	// scanner until somebody runs FLUSH HOSTS: enough for versions and the certificate, not for every cipher.
	startTlsConnections: 12,
	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "mysql" && lesson.data.tlsOffered),
};

async function readFirstPacket(connection: Connection): Promise<FirstPacket> {
	const length = payloadLength(await connection.readExactly(4));
	if (length === null) throw new ProbeFailure("protocol", "no MySQL packet header");
	const packet = parseFirstPacket(await connection.readExactly(length));
	if (packet === null) throw new ProbeFailure("protocol", "neither a handshake nor an error packet");
	return packet;
}

function describe(packet: FirstPacket): Mysql {
	if (packet.kind === "error") {
		return {
			...softwareOfError(packet.text),
			serverVersion: null,
			protocolVersion: null,
			authPlugin: null,
			tlsOffered: false,
			error: packet.text.slice(0, 500),
		};
	}
	return {
		...softwareOfVersion(packet.serverVersion),
		serverVersion: packet.serverVersion,
		protocolVersion: packet.protocolVersion,
		authPlugin: packet.authPlugin,
		tlsOffered: packet.tlsOffered,
		error: null,
	};
}
