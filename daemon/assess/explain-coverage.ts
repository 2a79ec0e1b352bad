/** What the last runs covered, told as steps of an explanation. Pure. */

import type { TraceStep } from "../../protocol/model/finding.ts";
import type { Transport } from "../../protocol/model/transport.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import { coversAbsence, coversClosed, coversKind, findPort } from "../evidence/covers.ts";
import { isoOf } from "../store/time.ts";

interface Run {
	at: number;
	scan: number | null;
	coverage: HostCoverage;
}
interface Place {
	address: string;
	/** Null: the whole host. */
	port: number | null;
	protocol: Transport | null;
	/** Virtual host; absent: the place itself. */
	instance?: string | undefined;
}

/** One step a run: did it look for `kind`, at `place` or anywhere? `yes` means it looked, whatever it found. */
export function explainCoverage(runs: readonly Run[], kind: string, place: Place | null): TraceStep[] {
	const concerned = runs.filter((run) => place === null || run.coverage.address === place.address);
	if (concerned.length === 0) {
		return [{ step: "coverage", outcome: "no", text: "No run has covered this host yet: scan it." }];
	}
	return concerned.map((run) => {
		const where = `The last run${run.scan === null ? "" : ` (scan ${run.scan})`} on ${run.coverage.address}, ${isoOf(run.at)},`;
		const [outcome, what] = place === null ? anywhere(run.coverage, kind) : at(run.coverage, kind, place);
		return { step: "coverage", outcome, text: `${where} ${what}.` };
	});
}

function at(coverage: HostCoverage, kind: string, place: Place): [TraceStep["outcome"], string] {
	const { address, port: portOrHost, instance = "" } = place;
	const spot = { address, port: portOrHost ?? 0, protocol: place.protocol ?? ("tcp" as const), instance };
	if (coversClosed(coverage, spot)) return ["yes", "proved the port closed"];
	if (coversKind(coverage, spot, kind)) return ["yes", `gathered ${kind} completely`];
	if (coversAbsence(coverage, spot, kind)) return ["yes", "met another protocol on the port"];
	if (spot.port === 0) return ["no", `did not gather ${kind}`];
	const port = findPort(coverage, spot);
	if (port === undefined) return ["no", "did not ask this port, so it says nothing of it"];
	if (port.outcome === "silent") return ["unknown", "got no answer from this port, so it says nothing of it"];
	return ["unknown", `found the port open but could not finish looking for ${kind}`];
}

function anywhere(coverage: HostCoverage, kind: string): [TraceStep["outcome"], string] {
	const gathered = coverage.ports.filter((port) => (port.kinds as string[]).includes(kind));
	if (gathered.length > 0) return ["yes", `gathered ${kind} on port ${gathered.map(({ port }) => port).join(", ")}`];
	if ((coverage.hostKinds as string[]).includes(kind)) return ["yes", `gathered ${kind}`];
	const failed = coverage.ports.filter((port) => (port.failed as string[]).includes(kind));
	if (failed.length > 0)
		return ["unknown", `could not finish looking for ${kind} on port ${failed.map(({ port }) => port).join(", ")}`];
	const open = coverage.ports.filter(({ outcome }) => outcome === "answered" || outcome === "unknown");
	return ["no", `met no ${kind} on ${open.length === 1 ? "the one open port" : `any of ${open.length} open ports`}`];
}
