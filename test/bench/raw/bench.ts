/**
 * The raw engine against `nmap -sS` and masscan, in one run, on a network of namespaces of its own: nothing leaves it.
 * Needs root; a scanner that is not installed gets no row.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BenchOptions, BenchRow } from "../main.ts";

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	if (process.getuid?.() !== 0) {
		return [{ name: "raw packets", ours: "-", peer: "-", ratio: "-", unit: "", note: "not measured: needs root" }];
	}
	const inside = fileURLToPath(new URL("inside.ts", import.meta.url));
	const child = spawn("unshare", ["--net", process.execPath, inside, ...(smoke ? ["--smoke"] : [])], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	let output = "";
	child.stdout.on("data", (chunk: Buffer) => {
		output += chunk.toString();
	});
	const code = await new Promise((resolve) => child.once("close", resolve));
	if (code !== 0) throw new Error(`The raw benchmark ended with ${code}.`);
	return output.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as BenchRow]));
}
