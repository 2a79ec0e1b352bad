/** A Nessus file of a given size, made up: hosts of a hundred and twenty reports each, with texts as long as plugins have them. */
import { closeSync, openSync, writeSync } from "node:fs";
import { nessusFile, nessusHost, nessusItem } from "../../../daemon/imports/testdata/files.ts";

const reportsOfHost = 120;
const ports = [0, 22, 80, 443, 445, 3389, 8080];
const sentence = "The remote service has a weakness that is described here at some length, as such texts are. ";

/** Returns how many hosts it has. `office`: each has hosts of its own. */
export function writeNessusFile(path: string, megabytes: number, office = 0): number {
	const plugins = Array.from({ length: 140_000 }, (_, n) => 10_000 + n);
	const [head = "", end = ""] = nessusFile("@", { plugins }).split("@");
	const file = openSync(path, "w");
	try {
		let written = writeSync(file, head);
		let hosts = 0;
		for (; written < megabytes * 1e6; hosts++) written += writeSync(file, hostOf((office << 16) + hosts));
		writeSync(file, end);
		return hosts;
	} finally {
		closeSync(file);
	}
}

function hostOf(n: number): string {
	const pairs = [n >> 16, n >> 8, n].map((part) => part & 255);
	const items = Array.from({ length: reportsOfHost }, (_, i) => {
		const output = `${sentence.repeat(12).slice(0, 300 + ((i * 37) % 600))} host ${n}`;
		const item = nessusItem(
			10_000 + ((n * 37 + i * 113) % 9_000),
			ports[i % ports.length],
			`<plugin_output>${output}</plugin_output>`,
			i % 5,
		);
		return item.replace("It is weak in detail.", sentence.repeat(12));
	});
	const mac = pairs.map((part) => part.toString(16).padStart(2, "0")).join(":");
	return nessusHost(`127.${pairs.join(".")}`, items.join(""))
		.replace("00:11:22:33:44:55", `00:11:22:${mac}`)
		.replace("FILES", `HOST${n}`);
}
