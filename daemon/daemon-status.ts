/** What a daemon says of itself. */
import type { HomePaths } from "../protocol/home.ts";
import type { DaemonStatus } from "../protocol/model/overview.ts";
import { protocolVersion } from "../protocol/wire.ts";
import type { EngineChoice } from "./packets/raw-choice.ts";
import type { ScanManager } from "./scan/manager.ts";
import type { Settings } from "./store/settings.ts";
import type { Store } from "./store/store.ts";

export interface StatusParts {
	readonly home: Pick<HomePaths, "stateDir" | "socketPath">;
	readonly version: string;
	readonly startedAt: string;
	readonly store: Store;
	readonly choice: EngineChoice;
	readonly manager: ScanManager;
	readonly connections: number;
	readonly delay: { percentile(p: number): number };
	readonly settings: Settings;
}

/** The engine's own reason, which changes when it leaves a job to another one. */
export function engineOf({ engine, hint }: EngineChoice): DaemonStatus["engine"] {
	return { name: engine.name, reason: engine.reason, hint };
}

export function statusOf({
	home,
	version,
	startedAt,
	store,
	choice,
	manager,
	connections,
	delay,
	settings,
}: StatusParts): DaemonStatus {
	return {
		version,
		protocol: protocolVersion,
		pid: process.pid,
		home: home.stateDir,
		socket: home.socketPath,
		startedAt,
		rssBytes: process.memoryUsage.rss(),
		storeBytes: store.sizeBytes(),
		engine: engineOf(choice),
		connections,
		runningScans: manager.running,
		eventLoopP99Ms: Math.max(0, Math.round(delay.percentile(99) / 1e4) / 100 - 10),
		singleOperator: settings.data.operators.singleOperator,
	};
}
