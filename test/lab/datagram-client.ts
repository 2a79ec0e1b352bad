/** Runs one job of the datagram engine, given as JSON, and prints answers and note as JSON: for a process of other rights. */
import { createDatagramEngine } from "../../daemon/packets/datagram-engine.ts";
import { askDatagrams } from "../../daemon/packets/datagrams/ask.ts";
import type { DatagramAnswer, DatagramJob } from "../../daemon/packets/datagrams/job.ts";

const engine = createDatagramEngine();
const answers: DatagramAnswer[] = [];
const job = JSON.parse(process.argv[2] ?? "{}") as DatagramJob;
const note = await askDatagrams(engine, job, new AbortController().signal, (batch) => {
	answers.push(...batch.answers);
});
await engine.close();
process.stdout.write(JSON.stringify({ answers: answers.map((one) => ({ ...one, reply: null })), note }));
