import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectClient } from "../protocol/client.ts";
import { dialUnix } from "../protocol/dial.ts";
import { AppError } from "../protocol/errors.ts";
import { type HomePaths, resolveHome } from "../protocol/home.ts";
import { processesOf } from "../test/support/processes-of.ts";
import { ensureDaemon } from "./spawn.ts";

let folder: string;
let home: HomePaths;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-spawn-"));
	env = { ...process.env, VEDETTE_HOME: folder };
	home = resolveHome(env);
});
afterEach(async () => {
	const pid = runningPid();
	if (pid !== null) {
		process.kill(pid, "SIGTERM");
		const gone = () => dialUnix(home.socketPath).then((socket) => socket.close());
		while (
			await gone().then(
				() => true,
				() => false,
			)
		);
	}
	// Of several that were started at once, a slow one may come up only when the first has gone.
	for (let left = startedHere(); left.length > 0; left = startedHere()) {
		for (const one of left) end(one);
		await setImmediate();
	}
	rmSync(folder, { recursive: true, force: true });
});

function end(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch {
		// It has ended by itself meanwhile.
	}
}

const startedHere = () => processesOf((_words, inherited) => inherited.includes(`VEDETTE_HOME=${folder}`));

function runningPid(): number | null {
	try {
		return Number(readFileSync(`${home.socketPath}.lock.pid`, "utf8"));
	} catch {
		return null;
	}
}

/** A daemon that only opens the door. */
const program = `
	import { createRpcServer } from ${JSON.stringify(new URL("./rpc/server.ts", import.meta.url).href)};
	import { resolveHome } from ${JSON.stringify(new URL("../protocol/home.ts", import.meta.url).href)};
	const quiet = { info() {}, warn() {}, error() {}, debug() {} };
	const { socketPath } = resolveHome(process.env);
	const server = createRpcServer({ socketPath, handlers: {}, streams: {}, log: quiet, version: "1" });
	process.once("SIGTERM", () => server.close());
	try { await server.listen(); }
	catch (err) { process.stderr.write("vedette: " + err.message + "\\n" + err.hint + "\\n"); process.exitCode = 1; }`;
const command = [process.execPath, "--input-type=module", "-e", program];

test("starts one in a session of its own, and finds it the next time", async () => {
	expect(await ensureDaemon(home, { env, command })).toEqual({ started: true });
	const pid = runningPid();
	expect(pid).not.toBeNull();
	const [, session] = readFileSync(`/proc/${pid}/stat`, "utf8").match(/\) \S (?:\d+ ){2}(\d+)/) ?? [];
	expect(Number(session)).toBe(pid);
	expect(await ensureDaemon(home, { env, command })).toEqual({ started: false });
	const client = await connectClient({ dial: () => dialUnix(home.socketPath), client: "test", retryMs: 0 });
	expect(client.hello.version).toBe("1");
	await client.close();
});

test("four consoles that open at once end up with one daemon", async () => {
	await Promise.all(Array.from({ length: 4 }, () => ensureDaemon(home, { env, command })));
	expect(await ensureDaemon(home, { env, command })).toEqual({ started: false });
	expect(readFileSync(join(home.logDir, "daemon.err"), "utf8").match(/already running/g)?.length ?? 0).toBeLessThan(4);
});

test.each<[string, string, string, string]>([
	[
		"what it says",
		'process.stderr.write("vedette: The store is newer.\\nUpdate Vedette.\\n"); process.exit(1)',
		"The store is newer.",
		"Update Vedette.",
	],
	["its exit code when it says nothing", "process.exit(7)", "exit code 7", "log"],
])("a daemon that ends at once: %s", async (_name, script, message, hint) => {
	const started = ensureDaemon(home, { env, command: [process.execPath, "-e", script] });
	const err = await started.catch((reason: unknown) => reason);
	expect(err).toBeInstanceOf(AppError);
	expect(err).toMatchObject({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) });
});

test("a program that is not there", async () => {
	const err = await ensureDaemon(home, { env, command: ["/nonexistent/vedette"] }).catch((reason: unknown) => reason);
	expect(err).toBeInstanceOf(AppError);
});

test("a daemon that never answers is said to be so", async () => {
	const script =
		'require("fs").writeFileSync(process.env.VEDETTE_HOME + "/pid", String(process.pid)); setInterval(() => {}, 1e6)';
	const err = await ensureDaemon(home, { env, command: [process.execPath, "-e", script], waitMs: 2_000 }).catch(
		(e: unknown) => e,
	);
	process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGKILL");
	expect(err).toMatchObject({ code: "unavailable", message: expect.stringContaining("does not answer") });
});
