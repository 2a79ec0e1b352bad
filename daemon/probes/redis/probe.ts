/** Talks Redis: PING and, where that is answered, INFO. No password is tried and no key is read. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { bulkLength, parseAccess, parseInfo, recogniseRedis, softwareOf, softwareOfDenial } from "./parse.ts";

type Redis = DataOf<"redis">;

const maxInfoBytes = 65_536;

export const probe: Probe = {
	name: "redis",
	transport: "tcp",
	ports: [6379, 6380, 26379],
	speaksFirst: "client",
	hello: () => Buffer.from("PING\r\n"),
	recognise: recogniseRedis,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			await connection.write("PING\r\n");
			const first = await connection.readLine(4_096);
			const access = parseAccess(first);
			if (access === "not-redis") throw new ProbeFailure("protocol", "no RESP answer");
			const data: Redis = {
				...softwareOfDenial(first),
				tls: context.tls,
				authenticationRequired: access === "authentication",
				protectedMode: access === "protected-mode",
				mode: null,
				role: null,
				os: null,
			};
			const complete = access !== "open" || (await attempt(() => inform(connection, data)));
			return [{ kind: "redis", data, complete }];
		} finally {
			connection.close();
		}
	},
};

async function inform(connection: Connection, data: Redis): Promise<void> {
	await connection.write("INFO\r\n");
	const head = await connection.readLine(4_096);
	const length = bulkLength(head, maxInfoBytes);
	if (length === null) {
		data.authenticationRequired = parseAccess(head) === "authentication";
		return;
	}
	const info = parseInfo((await connection.readExactly(length)).toString("utf8"));
	Object.assign(data, softwareOf(info));
	data.mode = info.get("server_mode") || info.get("redis_mode") || null;
	data.role = info.get("role") || null;
	data.os = info.get("os") || null;
}
