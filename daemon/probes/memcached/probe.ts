/** Talks memcached's text protocol: version and stats. No key is read or written. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { isRefusal, maxStats, parseCount, parseStat, parseVersion, recogniseMemcached } from "./parse.ts";

type Memcached = DataOf<"memcached">;

export const probe: Probe = {
	name: "memcached",
	transport: "tcp",
	ports: [11211],
	speaksFirst: "client",
	hello: () => Buffer.from("version\r\n"),
	recognise: recogniseMemcached,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			await connection.write("version\r\n");
			const first = await connection.readLine(1_024);
			const software = parseVersion(first);
			if (software === null && !isRefusal(first)) throw new ProbeFailure("protocol", "no answer to version");
			const data: Memcached = {
				product: "memcached",
				version: null,
				info: null,
				...software,
				statsReadable: false,
				items: null,
			};
			const complete = await attempt(() => readStats(connection, data));
			return [{ kind: "memcached", data, complete }];
		} finally {
			connection.close();
		}
	},
};

async function readStats(connection: Connection, data: Memcached): Promise<void> {
	await connection.write("stats\r\n");
	for (let count = 0; count < maxStats; count++) {
		const stat = parseStat(await connection.readLine(1_024));
		if (stat === null) return;
		data.statsReadable = true;
		if (stat[0] === "curr_items") data.items = parseCount(stat[1]);
	}
}
