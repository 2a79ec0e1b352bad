/**
 * How a scan reaches out, beside what it finds: the governor's figures for each network while it runs, and the coverage
 * statement. Asked for while somebody looks, and once more when the scan is over.
 */
import type { MethodResult } from "../../../protocol/define.ts";
import { networks } from "../../../protocol/methods/governor.ts";
import { coverage } from "../../../protocol/methods/scans.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../../protocol/model/scan-coverage.ts";
import { type Block, failureBlocks } from "../../components/reader/document.ts";
import { failureOf } from "../../state/list-loader.ts";
import { coverageFields, coverageSummary } from "../../text/coverage-words.ts";
import { compact, count } from "../../text/format.ts";
import { cell, type Piece } from "../../theme/line.ts";
import type { ScreenContext } from "../view.ts";

/** The figures are of the last seconds; asking more often shows nothing new. Milliseconds. */
const everyMs = 1_000;
const mostNetworks = 200;

type Figures = MethodResult<typeof networks>;

export interface Reach {
	/** Somebody looks at these now. */
	look(at: "networks" | "coverage" | undefined): void;
	networkBlocks(): readonly Block[];
	coverageBlocks(): readonly Block[];
	/** The statement in a few sentences once the scan is over; empty before. */
	summary(): readonly string[];
	close(): void;
}

export function createReach(context: ScreenContext, id: number, current: () => Scan | undefined): Reach {
	let figures: Figures | undefined;
	let statement: ScanCoverage | undefined;
	let blocks: { networks: readonly Block[]; coverage: readonly Block[] } = { networks: [], coverage: [] };
	let looked: "networks" | "coverage" | undefined;
	let isSettled = false;
	let isAsking = false;
	let isClosed = false;

	async function ask(): Promise<void> {
		if (isAsking || isClosed || !context.isConnected()) return;
		isAsking = true;
		const scan = current();
		const hasEnded = scan !== undefined && isOver(scan);
		try {
			if (looked === "networks" && !hasEnded)
				figures = await context.client.call(networks, { scan: id, limit: mostNetworks });
			if (looked === "coverage" || (hasEnded && !isSettled)) {
				statement = await context.client.call(coverage, { scan: id });
				isSettled = hasEnded;
			}
			blocks = { networks: describeNetworks(figures), coverage: describeCoverage(statement) };
			if (!isClosed) context.changed();
		} catch (err) {
			if (statement === undefined) blocks = { ...blocks, coverage: failureBlocks(failureOf(err)) };
			isSettled ||= hasEnded;
			if (!isClosed) context.changed();
		} finally {
			isAsking = false;
		}
	}

	const timer = setInterval(() => {
		const scan = current();
		const isNew = scan !== undefined && isOver(scan) && !isSettled;
		if (isNew || (looked !== undefined && !isSettled)) void ask();
	}, everyMs);
	return {
		look(at) {
			if (looked === at) return;
			looked = at;
			if (at !== undefined) void ask();
		},
		networkBlocks: () => blocks.networks,
		coverageBlocks: () => blocks.coverage,
		summary: () => (isSettled && statement ? coverageSummary(statement) : []),
		close() {
			isClosed = true;
			clearInterval(timer);
		},
	};
}

function describeNetworks(figures: Figures | undefined): Block[] {
	if (figures === undefined || figures.items.length === 0)
		return [{ kind: "text", text: "Nothing was sent in the last seconds.", token: "muted" }];
	const isForbidden = figures.items.some(({ prohibited }) => prohibited > 0);
	// All of it fits a window of 80 columns.
	const head: Piece = [
		`${"NETWORK".padEnd(19)}${"PKT/S".padStart(8)}${"ANS/S".padStart(8)}${"RST/S".padStart(8)}${"RTT".padStart(9)}${"LOSS".padStart(8)}${"SENT".padStart(8)}${isForbidden ? "FORBID".padStart(8) : ""}`,
		"header",
	];
	const beyond = figures.total - figures.items.length;
	return [
		...figures.slowedBy.map((text): Block => ({ kind: "item", mark: ["▲", "warning"], text, token: "warning" })),
		{ kind: "pieces", pieces: [head] },
		...figures.items.map((one): Block => {
			const loss = one.loss === null ? "—" : `${(one.loss * 100).toFixed(1)} %`;
			const right = (text: string, width = 8): Piece => cell(text, width, undefined, "right");
			return {
				kind: "pieces",
				pieces: [
					cell(one.network, 19, "address"),
					right(compact(one.packetsPerSecond)),
					right(compact(one.answersPerSecond)),
					right(compact(one.resetsPerSecond)),
					right(one.rttMs === null ? "—" : `${one.rttMs.toFixed(1)} ms`, 9),
					cell(loss, 8, (one.loss ?? 0) > 0.02 ? "warning" : "text", "right"),
					right(compact(one.sent)),
					...(isForbidden ? [cell(compact(one.prohibited), 8, one.prohibited > 0 ? "warning" : "faint", "right")] : []),
				],
			};
		}),
		...(beyond > 0 ? [{ kind: "text", text: `and ${count(beyond)} further networks`, token: "muted" } as const] : []),
	];
}

function describeCoverage(statement: ScanCoverage | undefined): Block[] {
	if (statement === undefined) return [{ kind: "text", text: "Asking the daemon …", token: "muted" }];
	return coverageFields(statement).flatMap(({ name, lines }): Block[] =>
		lines
			.filter((line) => line !== "")
			.map((line, index): Block => ({ kind: "field", name: index === 0 ? name : "", pieces: [[line]] })),
	);
}
