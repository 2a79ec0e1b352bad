/** A disk of a few megabytes under a home, that fills up for good. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Client, connectClient } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { testNeeding } from "./needing.ts";
import type { Household } from "./vedette.ts";
import { program } from "./vedette.ts";

const mayMount = spawnSync("unshare", ["--mount", "--map-root-user", "true"]).status === 0;
/** For tests with such a disk: it takes a mount namespace, as root or in a user namespace. */
export const smallDiskTest = testNeeding("mount namespace", mayMount);

/** A tmpfs over the home, for as long as its holder lives; `enter` runs the daemon where it can be seen. */
export async function smallDisk(home: string, bytes: number) {
	const mount = `mount -t tmpfs -o size=${bytes},mode=0700 tmpfs "$1" && echo ready && exec cat`;
	const holder = spawn("unshare", ["--mount", "--map-root-user", "sh", "-c", mount, "sh", home], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	await new Promise((resolve, reject) => {
		holder.stdout.once("data", resolve);
		holder.once("exit", (code) => reject(new Error(`no small disk: ${code}`)));
	});
	const root = `/proc/${holder.pid}/root${home}`;
	const ballast = join(root, "ballast");
	return {
		async daemon(household: Household): Promise<{ child: ChildProcess; client: Client }> {
			const enter = ["--preserve-credentials", "-U", "-m", "-t", String(holder.pid)];
			const child = spawn("nsenter", [...enter, process.execPath, program, "daemon"], {
				env: household.env,
				stdio: ["ignore", "ignore", "ignore"],
			});
			const dial = () => dialUnix(join(root, "run", "daemon.sock"));
			return { child, client: await connectClient({ dial, client: "test", retryMs: 60_000 }) };
		},
		fill(): void {
			try {
				writeFileSync(ballast, Buffer.alloc(bytes * 2));
			} catch {
				// Full: what it is for.
			}
		},
		makeRoom: () => rmSync(ballast, { force: true }),
		end: () => holder.stdin.end(),
	};
}
