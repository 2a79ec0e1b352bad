/** The host every round of the benchmark ingests: ten services, three findings on each. */

import type { HostEvidence } from "../../../daemon/assess/ingest.ts";
import {
	checkOf,
	coverageOf,
	knowledgeOf,
	portOf,
	redisRecord,
	signatureOf,
} from "../../../daemon/assess/testdata/hosts.ts";
import type { Severity } from "../../../protocol/model/severity.ts";

export const findingsPerHost = 30;
const services = 10;

export const benchKnowledge = knowledgeOf(
	[0, 1, 2].map((n) =>
		checkOf(
			signatureOf(`bench/signature-${n}`, "redis", ((n % 5) + 1) as Severity),
			(record) => record.kind === "redis" && !record.data.authenticationRequired,
			(record) => `seen on port ${record.port}`,
		),
	),
);

export function benchHost(n: number, scan: number, at: number): HostEvidence {
	const address = `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
	const ports = Array.from({ length: services }, (_, index) => 6379 + index);
	// A body of a usual size that no other host has.
	const info = `${address} `.repeat(40);
	return {
		scan,
		hostname: null,
		startedAt: at - 1_000,
		finishedAt: at,
		records: ports.map((port) => {
			const record = redisRecord(address, at);
			return { ...record, port, data: { ...record.data, info: `${info}${port}` } };
		}),
		coverage: coverageOf(
			address,
			ports.map((port) => portOf(port, "answered", ["redis"])),
		),
	};
}
