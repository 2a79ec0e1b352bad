/** Consoles in a process of their own, so that reading what they are told weighs on nobody who is measured: socket, how many, scan. */
import { connectClient } from "../../../protocol/client.ts";
import { dialUnix } from "../../../protocol/dial.ts";
import * as consoles from "../../../protocol/methods/consoles.ts";
import * as daemon from "../../../protocol/methods/daemon.ts";
import * as findings from "../../../protocol/methods/findings.ts";
import * as maps from "../../../protocol/methods/maps.ts";
import * as scans from "../../../protocol/methods/scans.ts";

const [socketPath = "", count = "1", scanId = "1"] = process.argv.slice(2);
const scan = Number(scanId);
const deaf = { onSnapshot: () => undefined, onEvent: () => undefined };
for (let n = 0; n < Number(count); n++) {
	const client = await connectClient({ dial: () => dialUnix(socketPath), client: "bench" });
	const watching = [
		client.subscribe(daemon.watchOverview, {}, deaf),
		client.subscribe(scans.watch, {}, deaf),
		client.subscribe(maps.watch, {}, deaf),
		client.subscribe(findings.watch, {}, deaf),
		client.subscribe(consoles.watch, {}, deaf),
		client.subscribe(scans.follow, { scan }, deaf),
	];
	await Promise.all(watching.map(({ ready }) => ready));
	await client.call(consoles.show, { place: { screen: "scan", about: { kind: "scan", id: scan } }, idleMs: null });
}
process.stdout.write("attached\n");
