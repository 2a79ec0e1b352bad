/** A daemon that has scanned a few hosts with open Redis servers, for tests of the console in a real terminal. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "../../protocol/client.ts";
import { resolveHome } from "../../protocol/home.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type FakeService, fakeRedis, serve } from "./fake-host.ts";
import { openPty, type PtyScreen } from "./pty.ts";
import { Household, program } from "./vedette.ts";

/** What a console must be good at, columns and rows. */
export const consoleSizes = [
	[80, 24],
	[120, 40],
	[160, 45],
] as const;

export interface ConsoleHome {
	readonly household: Household;
	readonly client: Client;
	readonly hosts: readonly string[];
	/** A console on the daemon; `bytesPerSecond` is the pace of the line to its terminal. */
	open(
		columns: number,
		rows: number,
		options?: { bytesPerSecond?: number; args?: readonly string[] },
	): Promise<PtyScreen>;
	end(): Promise<void>;
}

/** `network` is the third number of the loopback addresses the hosts get, so that files at work at once do not meet. */
export async function openConsoleHome(network: number, hostCount: number): Promise<ConsoleHome> {
	const household = new Household();
	// The tour begins by itself in the first console only, and would be the one thing in which it differs from those after it.
	const { configDir } = resolveHome(household.env);
	mkdirSync(configDir, { recursive: true, mode: 0o700 });
	writeFileSync(join(configDir, "console.json"), '{"toured":true}\n');
	const services: FakeService[] = [];
	const screens = new Set<PtyScreen>();
	const hosts = Array.from({ length: hostCount }, (_, at) => `127.0.${network}.${at + 1}`);
	for (const host of hosts) services.push(await serve(host, 6379, fakeRedis({ password: () => false })));
	const { client } = await household.daemon();
	if (hostCount > 0) await scanned(client, hosts);
	return {
		...{ household, client, hosts },
		async open(columns, rows, { bytesPerSecond, args = [] } = {}) {
			const env = { ...household.env, NO_COLOR: undefined, TERM: "xterm-256color" };
			const line = bytesPerSecond === undefined ? {} : { bytesPerSecond };
			const screen = await openPty([process.execPath, program, ...args], { columns, rows, env, ...line });
			screens.add(screen);
			return screen;
		},
		async end() {
			for (const screen of screens) screen.kill();
			await household.end();
			for (const service of services) await service.close();
		},
	};
}

/** Resolves when a scan of the hosts' Redis ports has finished. */
async function scanned(client: Client, hosts: readonly string[]): Promise<void> {
	const { id } = await client.call(scans.start, { targets: [...hosts], ports: "6379", confirm: true });
	await new Promise<void>((resolve, reject) => {
		const look = (scan: Scan) => scan.id === id && scan.status === "finished" && resolve();
		const subscription = client.subscribe(
			scans.watch,
			{},
			{
				onSnapshot: ({ scans: all }) => all.forEach(look),
				onEvent: (event) => event.kind === "scan" && look(event.scan),
			},
		);
		subscription.ready.catch(reject);
	});
}
