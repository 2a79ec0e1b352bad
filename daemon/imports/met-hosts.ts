/** Hosts of one file by address: a scanner that was told several names of one machine reports on it under each. Pure. */
import type { ImportedHost } from "./scan-file.ts";

interface Met {
	/** The name or address it was scanned by. */
	readonly target: string;
	/** When the first of its scans began, and the last one ended. Milliseconds. */
	readonly from: number;
	readonly until: number;
}

export interface Meeting {
	readonly host: ImportedHost;
	/** By what else the file had the address before; null: by nothing else. */
	readonly metAs: string | null;
	/** When the scan of it began, under whichever name came first. Milliseconds. */
	readonly since: number;
}

/** Addresses that are remembered, a hundred bytes or two each; of more those met first are forgotten. */
const mostMet = 200_000;

export class MetHosts {
	readonly #met = new Map<string, Met>();

	/** Of an address under another name nothing is older than what came before it in the file, whichever scan ended first: they are one. */
	meet(host: ImportedHost): Meeting {
		const { address, startedAt, finishedAt } = host;
		const target = targetOf(host);
		const before = this.#met.get(address);
		const isOther = before !== undefined && before.target !== target;
		const at = isOther ? Math.max(finishedAt, before.until + 1) : finishedAt;
		const from = Math.min(startedAt, before?.from ?? startedAt);
		this.#remember(address, { target, from, until: Math.max(at, before?.until ?? at) });
		return isOther
			? { host: asOf(host, at), metAs: before.target, since: from }
			: { host, metAs: null, since: startedAt };
	}

	#remember(address: string, met: Met): void {
		this.#met.delete(address);
		this.#met.set(address, met);
		const [first] = this.#met.size > mostMet ? this.#met.keys() : [];
		if (first !== undefined) this.#met.delete(first);
	}
}

/** What the scanner was told to scan. */
export function targetOf({ hostname, address }: ImportedHost): string {
	return hostname ?? address;
}

function asOf(host: ImportedHost, at: number): ImportedHost {
	const records = host.records.map((record) => {
		if (record.kind !== "nessus") return { ...record, observedAt: at };
		const reports = record.data.reports.map((report) => ({ ...report, seenAt: at }));
		return { ...record, observedAt: at, data: { ...record.data, reports } };
	});
	return { ...host, finishedAt: at, records };
}
