/**
 * The raw and the connect engine against `nmap` and masscan, in one run, on networks of namespaces of its own: nothing
 * leaves them. Needs root; a scanner that is not installed gets no row.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { missingPrograms } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const missing = missingPrograms(["unshare", "taskset", "ip", "ethtool", "nft"]);
	const why =
		process.getuid?.() !== 0 ? "needs root" : missing.length > 0 ? `without ${missing.join(", ")}` : undefined;
	if (why !== undefined)
		return [{ name: "packets", ours: "-", peer: "-", ratio: "-", unit: "", note: `not measured: ${why}` }];
	const inside = fileURLToPath(new URL("inside.ts", import.meta.url));
	const options = [...(smoke ? ["--smoke"] : []), ...process.argv.filter((word) => /^--(all-rounds|only=)/.test(word))];
	// The settings of a namespace's interfaces are in a sysfs of its own.
	const command = 'mount -t sysfs sysfs /sys && exec "$@"';
	const child = spawn(
		"unshare",
		["--net", "--mount", "sh", "-c", command, "sh", process.execPath, inside, ...options],
		{
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	let output = "";
	child.stdout.on("data", (chunk: Buffer) => {
		output += chunk.toString();
	});
	const code = await new Promise((resolve) => child.once("close", resolve));
	if (code !== 0) throw new Error(`The benchmark of packets ended with ${code}.`);
	return output.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as BenchRow]));
}
