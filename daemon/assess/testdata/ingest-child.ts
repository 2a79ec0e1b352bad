/** A process to be killed: ingests run after run, from number `first` on, and says each number once it is stored. */
import { writeSync } from "node:fs";
import { openStore } from "../../store/store.ts";
import { ingestHost } from "../ingest.ts";
import { sampleHost, sampleKnowledge } from "./hosts.ts";

const [path = "", first = "0", hosts = "1"] = process.argv.slice(2);
const store = openStore(path, { clock: { now: () => 0 } });
for (let n = Number(first); ; n++) {
	const scan = Math.floor(n / Number(hosts)) + 1;
	ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${(n % Number(hosts)) + 1}`, scan, 1_700_000_000_000 + scan));
	writeSync(1, `${n}\n`);
}
