/** After each scan: what it looked for and did not find is counted, and findings are closed where the profile says so. */
import type { Logger } from "pino";
import { countMisses } from "./assess/dead-hosts.ts";
import type { Hub } from "./hub.ts";
import type { Settings } from "./store/settings.ts";
import { findProfile } from "./store/settings-profiles.ts";
import type { Store } from "./store/store.ts";

export interface DeadHostParts {
	readonly store: Store;
	readonly settings: Settings;
	readonly hub: Hub;
	readonly log: Logger;
}

export class DeadHosts {
	readonly #parts: DeadHostParts;
	readonly #closing = new AbortController();
	readonly #unlisten: () => void;
	#working: Promise<void> = Promise.resolve();

	constructor(parts: DeadHostParts) {
		this.#parts = parts;
		this.#unlisten = parts.hub.listen((bulletin) => {
			if (bulletin.kind === "scan" && bulletin.scan.status === "finished") this.look();
		});
	}

	begin(): void {
		this.look();
	}

	/** Counts scans that have finished and were not counted, those before the last stop too. */
	look(): void {
		this.#working = this.#working.then(() => this.#work());
	}

	async close(): Promise<void> {
		this.#unlisten();
		this.#closing.abort();
		await this.#working;
	}

	async #work(): Promise<void> {
		const { store, settings, hub, log } = this.#parts;
		const closeAfter = (name: string, version: number | null) =>
			findProfile(settings.data, name, version ?? undefined)?.options.discovery.closeDeadAfter ?? null;
		try {
			const missed = await countMisses(store, closeAfter, this.#closing.signal);
			if (missed.assets > 0) log.info(missed, "assets were not found alive");
			if (missed.closed === 0) return;
			hub.post({ kind: "inventory-changed" });
			hub.post({ kind: "findings-changed" });
		} catch (err) {
			if (!this.#closing.signal.aborted) log.error({ err }, "hosts that were not found could not be counted");
		}
	}
}
