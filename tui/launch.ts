#!/usr/bin/env node
/** First file that runs: makes sure of a Node that is new enough, then loads the program. Must stay plain enough for old ones. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import nodeModule from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const neededMajor = 24;

if (Number(process.versions.node.split(".")[0]) >= neededMajor) {
	nodeModule.enableCompileCache?.();
	const words = process.argv.slice(2);
	// A daemon process that runs for months carries none of the console's code.
	const daemon = words[0] === "daemon" ? (await import("./daemon-words.ts")).readDaemonWords(words.slice(1)) : null;
	if (daemon !== null) process.exitCode = await (await import("./daemon-process.ts")).main(daemon);
	else process.exitCode = await (await import("./main.tsx")).main(words);
} else {
	// The package brings its own Node for machines whose own one is older.
	const own = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
	if (existsSync(own)) process.exitCode = await runWith(own);
	else {
		process.stderr.write(
			`vedette: needs Node ${neededMajor} or newer, this is ${process.versions.node}.\n` +
				"Install a newer Node, or run npm ci in Vedette's folder: it brings one along.\n",
		);
		process.exitCode = 1;
	}
}

/** The same words with another Node; signals sent to this process reach that one. Resolves to its exit code. */
function runWith(node: string): Promise<number> {
	const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
	return new Promise((resolve) => {
		child.once("error", () => resolve(1));
		child.once("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
	});
}
