/** Handlers of `imports.file` and what goes with it: a worker reads the file, its hosts are taken in one after the other here. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { MethodResult } from "../../../protocol/define.ts";
import { AppError } from "../../../protocol/errors.ts";
import type { file as fileMethod, status as statusMethod } from "../../../protocol/methods/imports-file.ts";
import { count, plural } from "../../../protocol/plural.ts";
import type { AskedReports } from "../../assess/imported-reports.ts";
import { takeInHost } from "../../assess/take-in.ts";
import type { ImportNotice } from "../../hub.ts";
import { type Meeting, MetHosts, targetOf } from "../../imports/met-hosts.ts";
import { rangesOf } from "../../imports/nmap-ports.ts";
import type { ScanFileEnd, ScanFilePiece } from "../../imports/read-scan-file.ts";
import type { ImportedHost, Reported } from "../../imports/scan-file.ts";
import { ScanFileReader } from "../../imports/scan-file-reader.ts";
import { personName } from "../../store/people.ts";
import { doAudited } from "../audit-trail.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import type { Services } from "../services.ts";
import { listening } from "../watch-hub.ts";
import { absolutePath } from "./absolute-path.ts";
import { networkNamed } from "./networks.ts";

type Outcome = MethodResult<typeof fileMethod>;
type Running = NonNullable<MethodResult<typeof statusMethod>["running"]>;

/** Refused hosts that are told one by one. */
const mostTold = 200;
/** How often lists are told that there is more. Milliseconds. */
const tellEveryMs = 1_000;
/** What is under way, of which there is one at a time: handlers and streams look at the same. */
const underWay = new WeakMap<Services["store"], FileImport>();

export function importFileHandlers(services: Services): Pick<AreaHandlers<"imports">, "file" | "status" | "stop"> {
	const { store, hub, audit } = services;
	return {
		file: async ({ path: given, network: named, dryRun }, { user }) => {
			const other = underWay.get(store);
			if (other !== undefined) {
				throw new AppError("busy", `${other.running.path} is being taken in just now.`, {
					hint: "Wait for it, or end it: vedette import stop",
				});
			}
			const path = absolutePath(given);
			const network = networkNamed(store, named);
			const running = new FileImport(services, { path, network, dryRun, size: sizeOf(path), by: user });
			underWay.set(store, running);
			const tell = (state: ImportNotice["state"], text: string) => {
				if (!dryRun) hub.post({ kind: "import", notice: { who: user, path, state, text } });
			};
			tell("begun", `${personName(store.db, user)} takes in ${basename(path)}`);
			try {
				const outcome = dryRun ? await running.run() : await runAudited(audit, user, running);
				tell("ended", summaryOf(outcome, basename(path)));
				return outcome;
			} catch (err) {
				tell("failed", `${basename(path)} was not taken in: ${err instanceof AppError ? err.message : "see the log"}`);
				throw err;
			} finally {
				underWay.delete(store);
			}
		},
		status: () => progressOf(services),
		stop: () => ({ stopped: underWay.get(store)?.stop() ?? false }),
	};
}

export function importsStreams(services: Services): AreaStreams<"imports"> {
	return {
		watch: (_params, emit) =>
			listening(
				services.hub,
				(bulletin) => {
					if (bulletin.kind === "import") emit({ kind: "notice", ...bulletin.notice });
				},
				() => progressOf(services),
			),
	};
}

/** The file that is being taken in now, by whom and since when (milliseconds); null: none is. */
export function fileImportNow({
	store,
}: Pick<Services, "store">): Pick<FileImport, "running" | "by" | "startedAt"> | null {
	return underWay.get(store) ?? null;
}

function progressOf({ store }: Services): { running: Running | null } {
	return { running: underWay.get(store)?.running ?? null };
}

async function runAudited(audit: Services["audit"], who: string, running: FileImport): Promise<Outcome> {
	return await doAudited(
		audit,
		{ who, action: "imports.file", object: running.running.path },
		() => running.run(),
		({ format, hosts, new: added, refused, cut }) => ({
			after: { format, hosts, new: added, refused: refused.hosts, cut },
		}),
	);
}

function summaryOf({ hosts, new: added, findings, refused, cut }: Outcome, name: string): string {
	const leftOut = refused.hosts > 0 ? `, ${count(refused.hosts)} left out` : "";
	const information =
		findings.information > 0 ? `, ${plural(findings.information, "piece", "pieces")} of information` : "";
	const part = cut === null ? "" : "; only a part of the file";
	return `${name} is taken in: ${plural(hosts, "host")}, ${count(added)} new${leftOut}; ${plural(findings.new, "new finding")}${information}${part}`;
}

interface Request {
	readonly path: string;
	readonly network: number;
	readonly dryRun: boolean;
	readonly size: number;
	readonly by: string;
}

class FileImport {
	readonly running: Running;
	readonly by: string;
	readonly startedAt: number;
	readonly #services: Services;
	readonly #network: number;
	readonly #refused: Outcome["refused"] = { hosts: 0, first: [] };
	#plugins: ReadonlySet<number> | null = null;
	readonly #met = new MetHosts();
	#from = Number.POSITIVE_INFINITY;
	#to = Number.NEGATIVE_INFINITY;
	#end: ScanFileEnd | null = null;
	#format: ScanFileEnd["format"] = "nmap";
	#seamed = 0;
	#isStopped = false;
	#reader: ScanFileReader | null = null;
	#toldAt = 0;

	constructor(services: Services, { path, network, dryRun, size, by }: Request) {
		this.#services = services;
		this.by = by;
		this.startedAt = services.store.clock.now();
		this.#network = network;
		this.running = {
			...{ path, dryRun, bytes: 0, size, hosts: 0, new: 0, older: 0, down: 0, openPorts: 0, records: 0 },
			findings: { new: 0, again: 0, fixed: 0, information: 0 },
		};
	}

	stop(): boolean {
		this.#isStopped = true;
		this.#reader?.close();
		return true;
	}

	async run(): Promise<Outcome> {
		const reader = new ScanFileReader({ path: this.running.path, now: this.#services.store.clock.now() });
		this.#reader = reader;
		try {
			while (this.#end === null && !this.#isStopped) {
				const { pieces, bytes } = await reader.next();
				this.running.bytes = Math.max(this.running.bytes, Math.min(bytes, this.running.size));
				for (const piece of pieces) this.#take(piece);
				// Whoever else waits for the daemon has a turn between two hosts.
				await nextTurn();
			}
		} finally {
			reader.close();
			this.#tell(true);
		}
		return this.#outcome();
	}

	#take(piece: ScanFilePiece): void {
		if (piece.kind === "end") this.#end = piece;
		else if (piece.kind === "begin") this.#format = piece.format;
		else if (piece.kind === "plugins") this.#plugins = new Set(piece.plugins);
		else if (piece.kind === "down") this.running.down++;
		else if (piece.kind === "refused") this.#refuse(piece.host, piece.reason);
		else this.#takeHost(piece.host);
	}

	#takeHost(told: ImportedHost): void {
		const met = told.reported === null ? null : this.#met.meet(told);
		const host = met?.host ?? told;
		const { store, knowledge } = this.#services;
		const { running } = this;
		const { name, hostname, startedAt, finishedAt, records, coverage, reported } = host;
		const evidence = {
			...{ scan: null, network: this.#network, hostname, startedAt, finishedAt, takenInAt: store.clock.now() },
			...{ records, coverage, signatures: reported?.signatures ?? [] },
			...(reported === null || met === null ? {} : { reported: this.#askedOf(reported, met) }),
		};
		try {
			const { created, changes, hasOlder, isSeamed, assetId } = takeInHost(
				store,
				knowledge(),
				evidence,
				running.dryRun,
			);
			if (assetId === null) {
				this.#refuse(name, "its asset is tracked by a name that the file does not have");
				return;
			}
			running.hosts++;
			running.new += Number(created);
			running.older += Number(hasOlder);
			this.#seamed += Number(isSeamed);
			running.openPorts += host.openPorts;
			running.records += records.length;
			for (const { change, type } of changes) {
				if (type !== "information") running.findings[change === "found" || change === "reopened" ? "again" : change]++;
				else if (change !== "fixed") running.findings.information++;
			}
			this.#from = Math.min(this.#from, startedAt);
			this.#to = Math.max(this.#to, finishedAt);
			this.#tell(false);
		} catch (err) {
			if (!(err instanceof AppError && err.code === "conflict")) throw err;
			this.#refuse(name, err.message);
		}
	}

	#askedOf(
		{ isWhole, scanStartedAt, credentialed, portRange }: Reported,
		{ host, metAs, since }: Meeting,
	): AskedReports {
		return {
			...{ plugins: isWhole ? this.#plugins : null, credentialed, portRange, asksPort: portsAsked(portRange) },
			...{ since: Math.min(scanStartedAt, since), target: targetOf(host), metAs },
		};
	}

	#refuse(host: string, why: string): void {
		this.#refused.hosts++;
		if (this.#refused.first.length < mostTold) this.#refused.first.push({ host, why });
	}

	#tell(isEnd: boolean): void {
		if (this.running.dryRun || this.running.hosts === 0) return;
		const now = performance.now();
		if (!isEnd && now - this.#toldAt < tellEveryMs) return;
		this.#toldAt = now;
		this.#services.hub.post({ kind: "inventory-changed" });
		this.#services.hub.post({ kind: "findings-changed" });
	}

	#outcome(): Outcome {
		const { path: _, dryRun: __, bytes, size, ...figures } = this.running;
		const end = this.#end;
		const moment = (at: number) => new Date(at).toISOString();
		const stopped = `was read up to byte ${bytes} of ${size}: it was stopped`;
		return {
			...figures,
			format: this.#format,
			scanner: end?.scanner ?? this.#format,
			scannedAt: figures.hosts === 0 ? null : { from: moment(this.#from), to: moment(this.#to) },
			refused: this.#refused,
			cut: end === null ? stopped : end.cut,
			notes: end === null ? [] : this.#notes(end),
		};
	}

	#notes({ format, notes }: ScanFileEnd): string[] {
		const seamed = `${plural(this.#seamed, "host")} of which a report now ends as another one did that is missing, as if a piece of the file were: what is not reported there is not over.`;
		const silent = "The file does not say which plugins ran: what it does not report is not taken to be over.";
		const isSilent = format === "nessus" && this.#plugins === null;
		return [...notes, ...(this.#seamed > 0 ? [seamed] : []), ...(isSilent ? [silent] : [])];
	}
}

function portsAsked(portRange: string | null): AskedReports["asksPort"] {
	const isList = portRange !== null && /^[\d,\s-]+$/.test(portRange);
	const ranges = isList ? rangesOf(portRange) : [];
	return (port) => {
		if (portRange === "all") return true;
		return isList ? ranges.some(([from, to]) => from <= port && port <= to) : null;
	};
}

function sizeOf(path: string): number {
	try {
		const found = statSync(path);
		if (found.isFile()) return found.size;
		throw new AppError("invalid", `${path} is not a file.`, { hint: "Give nmap's XML or a Nessus file." });
	} catch (err) {
		if (err instanceof AppError) throw err;
		if ((err as NodeJS.ErrnoException).code === "ENOENT") {
			throw new AppError("not-found", `There is no file ${path}.`, {
				hint: "The path is one on the machine where the daemon runs.",
			});
		}
		throw new AppError("unavailable", `${path} cannot be read: ${err instanceof Error ? err.message : String(err)}`, {
			hint: "The user the daemon runs as must be able to read it.",
			cause: err,
		});
	}
}
