/** Asks an rsync daemon for its modules and, for the first of them, whether a password is wanted. Nothing is transferred. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe, ProbeContext } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { parseGreeting, parseListing, parseModuleAnswer, recogniseRsync } from "./parse.ts";

type Rsync = DataOf<"rsync">;

/** What we say we are: old enough that no digest list is expected from us (protocol 32 wants one). */
const ownGreeting = "@RSYNCD: 31.0\n";
const maxModulesTried = 16;
const maxLines = 512;

export const probe: Probe = {
	name: "rsync",
	transport: "tcp",
	ports: [873],
	speaksFirst: "server",
	recognise: recogniseRsync,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			const protocol = await greet(connection);
			const data: Rsync = { product: "rsync", version: null, info: null, protocol, motd: "", modules: [] };
			const complete = await attempt(async () => {
				const { motd, modules } = await list(connection);
				data.motd = motd;
				data.modules = modules.map((module) => ({ ...module, authenticationRequired: null }));
				connection.close();
				for (const module of data.modules.slice(0, maxModulesTried)) {
					module.authenticationRequired = await wantsPassword(context, module.name);
				}
			});
			return [{ kind: "rsync", data, complete }];
		} finally {
			connection.close();
		}
	},
};

async function greet(connection: Connection): Promise<string> {
	const protocol = parseGreeting(await connection.readLine(1_024));
	if (protocol === null) throw new ProbeFailure("protocol", "no rsync greeting");
	await connection.write(ownGreeting);
	return protocol;
}

async function list(connection: Connection): Promise<ReturnType<typeof parseListing>> {
	await connection.write("#list\n");
	const lines: string[] = [];
	while (lines.length < maxLines) {
		const line = await connection.readLine();
		if (line === "@RSYNCD: EXIT") return parseListing(lines);
		if (line.startsWith("@ERROR")) throw new ProbeFailure("protocol", "the list was refused");
		lines.push(line);
	}
	throw new ProbeFailure("budget", "a list without an end");
}

/** Names a module and reads up to the verdict; leaving before any arguments are sent starts nothing. */
async function wantsPassword(context: ProbeContext, module: string): Promise<boolean | null> {
	const connection = await context.dial.connect();
	try {
		await greet(connection);
		await connection.write(`${module}\n`);
		for (let count = 0; count < maxLines; count++) {
			const answer = parseModuleAnswer(await connection.readLine());
			if (answer !== null) return answer.authenticationRequired;
		}
		throw new ProbeFailure("budget", "no answer to a module's name");
	} finally {
		connection.close();
	}
}
