/** Handlers of the imports area. */
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { AppError } from "../../../protocol/errors.ts";
import type { collected as collectedMethod } from "../../../protocol/methods/imports.ts";
import { canonicalAddress } from "../../../protocol/target/address.ts";
import { type IngestOutcome, ingestHost } from "../../assess/ingest.ts";
import { newestOf } from "../../assess/newest-evidence.ts";
import { isInsideKind } from "../../evidence/inside.ts";
import { findAssetByAddress } from "../../identity/resolve-asset.ts";
import { type CollectedHost, collectionScript, mostBytes, readCollected } from "../../imports/collected.ts";
import { judgedPackages } from "../../knowledge/advisories/judged-packages.ts";
import type { Knowledge } from "../../knowledge/knowledge.ts";
import { openRegular } from "../../regular-file.ts";
import { findAsset } from "../../store/assets.ts";
import { listRecords } from "../../store/evidence.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";
import { absolutePath } from "./absolute-path.ts";
import { importFileHandlers } from "./imports-file.ts";
import { networkNamed } from "./networks.ts";

type Outcome = z.infer<(typeof collectedMethod)["result"]>;

export function importsHandlers(services: Services): AreaHandlers<"imports"> {
	const { store, knowledge, hub, audit } = services;
	return {
		...importFileHandlers(services),
		script: () => ({ script: collectionScript(randomBytes(16).toString("hex")) }),
		collected: ({ path, address: text, network: named }, { user }) => {
			const network = networkNamed(store, named);
			const address = canonicalAddress(text);
			if (address === null) {
				throw new AppError("invalid", `${JSON.stringify(text)} is not an address.`, {
					hint: "Give the host's IPv4 or IPv6 address, the one its scans use.",
				});
			}
			const now = store.clock.now();
			const host = readCollected(readBounded(path), address, now);
			refuseOlder(store, network, address, host);
			const { records, complete, observedAt } = host;
			const coverage = { address, alive: true, closedTcp: [], ports: [], hostKinds: [...complete] };
			const run = { scan: null, network, hostname: null, startedAt: observedAt, finishedAt: now, records, coverage };
			const ingested = transaction(store.db, () => {
				audit.write({ who: user, action: "imports.collected", object: address, after: { kinds: records.length } });
				return ingestHost(store, knowledge(), run);
			});
			const outcome = outcomeOf(host, ingested, knowledge(), nameOf(store, ingested));
			hub.post({ kind: "inventory-changed" });
			if (ingested.changes.length > 0) hub.post({ kind: "findings-changed" });
			return outcome;
		},
	};
}

function readBounded(path: string): string {
	const fd = openForReading(absolutePath(path));
	if (fd === null) throw new AppError("invalid", `${path} is not a file.`, { hint: "Give the output of the script." });
	try {
		const { size } = fstatSync(fd);
		if (size > mostBytes) {
			throw new AppError("invalid", `${path} is of ${Math.round(size / 1e6)} MB, more than the script ever prints.`, {
				hint: `At most ${Math.floor(mostBytes / 1e6)} MB are read. Is it the right file?`,
			});
		}
		return readFileSync(fd, "utf8");
	} catch (err) {
		throw err instanceof AppError ? err : cannotBeRead(path, err);
	} finally {
		closeSync(fd);
	}
}

function openForReading(path: string): number | null {
	try {
		return openRegular(path);
	} catch (err) {
		if ((err as NodeJS.ErrnoException).code !== "ENOENT") throw cannotBeRead(path, err);
		throw new AppError("not-found", `There is no file ${path}.`, {
			hint: "The path is one on the machine where the daemon runs.",
		});
	}
}

function cannotBeRead(path: string, cause: unknown): AppError {
	const why = cause instanceof Error ? cause.message : String(cause);
	return new AppError("unavailable", `${path} cannot be read: ${why}`, {
		hint: "The user the daemon runs as must be able to read it.",
		cause,
	});
}

function refuseOlder({ db }: Services["store"], network: number, address: string, { observedAt }: CollectedHost): void {
	const asset = findAssetByAddress(db, network, address);
	const held =
		asset === null ? [] : listRecords(db, asset).filter((one) => isInsideKind(one.kind) && one.address === address);
	const newest = Math.max(0, ...held.map((one) => one.observedAt));
	if (newest <= observedAt) return;
	const told = (at: number) => new Date(at).toISOString().slice(0, 16).replace("T", " ");
	throw new AppError(
		"conflict",
		`This was gathered ${told(observedAt)} (UTC), but ${address} was seen later, ${told(newest)}.`,
		{
			hint: "Nothing was changed. Run the script again on the host, and check the host's clock.",
		},
	);
}

function nameOf({ db }: Services["store"], { assetId }: IngestOutcome): Outcome["asset"] {
	const asset = assetId === null ? null : findAsset(db, { id: assetId });
	if (asset === null) throw new AppError("internal", "The host was taken in and is not there.");
	return { id: asset.id, name: asset.name };
}

function outcomeOf(
	{ records, observedAt }: CollectedHost,
	{ created, changes }: IngestOutcome,
	knowledge: Knowledge,
	asset: Outcome["asset"],
): Outcome {
	const address = records[0]?.address ?? "";
	const system = newestOf(records, "system", address)?.data ?? null;
	const packages = newestOf(records, "packages", address)?.data ?? { manager: "dpkg" as const, packages: [] };
	const judged = judgedPackages(system, packages);
	const problem = knowledge.advisories?.judgeHost(system, packages).problem ?? null;
	const seen = changes.filter(({ type, change }) => type !== "information" && change !== "fixed");
	return {
		asset,
		created,
		observedAt: new Date(observedAt).toISOString(),
		kinds: records.map(({ kind, complete }) => ({ kind, complete })),
		system: system?.os?.name ?? null,
		packages: {
			installed: packages.packages.length,
			judged: judged.packages.length,
			leftOut: [...Map.groupBy(judged.leftOut, ({ reason }) => reason)].map(([reason, own]) => ({
				...{ reason, packages: own.length },
			})),
			ecosystems: [...judged.ecosystems],
			problem: knowledge.advisories === undefined ? "no feed has been taken in" : problem,
		},
		findings: {
			open: seen.length,
			fixable: seen.filter(({ fix }) => fix === "available").length,
			new: seen.filter(({ change }) => change === "new").length,
			fixed: changes.filter(({ change }) => change === "fixed").length,
		},
	};
}
