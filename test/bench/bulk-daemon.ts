/** What the daemon has around its handlers, for benchmarks of work on many rows: and how long that holds up its thread. */
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { pino } from "pino";
import { BulkDesk } from "../../daemon/bulk/bulk-desk.ts";
import { Hub } from "../../daemon/hub.ts";
import { People } from "../../daemon/operators/people.ts";
import { openAuditTrail } from "../../daemon/rpc/audit-trail.ts";
import type { CallContext } from "../../daemon/rpc/handler.ts";
import type { Services } from "../../daemon/rpc/services.ts";
import { openSettings } from "../../daemon/store/settings.ts";
import type { Store } from "../../daemon/store/store.ts";
import { median, quantile, ratio, spread } from "./figures.ts";
import type { BenchRow } from "./main.ts";

const log = pino({ level: "silent" });

export async function openBulkDaemon(store: Store, folder: string) {
	const hub = new Hub();
	const audit = openAuditTrail(store, log);
	const settings = await openSettings(join(folder, "settings.json"), { log });
	const bulk = new BulkDesk({ store, onFault: (err) => console.error(err), onDone: () => undefined });
	const close = async () => {
		await bulk.close();
		await settings.close();
	};
	return {
		services: { store, people: new People(store.db), hub, audit, settings, bulk } as unknown as Services,
		hub,
		audit,
		log,
		close,
	};
}

export const caller = (user: string): CallContext => ({
	...{ user, uid: Number(user.slice("unix:".length)), access: "admin", client: "bench" },
	...{ signal: new AbortController().signal, log },
});

const resolution = 1;

/** Times of what is done again and again, by name; of a processor; and how late other things came meanwhile, p99. Milliseconds. */
export class Timings {
	readonly #of = new Map<string, { ms: number[]; cpu: number[]; lag: number[] }>();

	async time<T>(name: string, work: () => Promise<T> | T): Promise<T> {
		const delay = monitorEventLoopDelay({ resolution });
		const used = process.cpuUsage();
		delay.enable();
		const start = performance.now();
		const value = await work();
		const took = performance.now() - start;
		delay.disable();
		const { user, system } = process.cpuUsage(used);
		const { ms, cpu, lag } = this.#of.get(name) ?? { ms: [], cpu: [], lag: [] };
		ms.push(took);
		cpu.push((user + system) / 1_000);
		lag.push(Math.max(0, delay.percentile(99) / 1e6 - resolution));
		this.#of.set(name, { ms, cpu, lag });
		return value;
	}

	ms(name: string): readonly number[] {
		return this.#of.get(name)?.ms ?? [];
	}

	cpu(name: string): readonly number[] {
		return this.#of.get(name)?.cpu ?? [];
	}

	/** Beside the limit it is to keep. */
	row(name: string, what: string, limitMs: number, covers: string): BenchRow {
		const note = `CPU of all threads ${median(this.cpu(name)).toFixed(0)} ms; ${covers}; less is better`;
		return {
			...{ name: what, ours: spread(this.ms(name), 0), peer: `≤ ${limitMs}`, unit: "ms", note },
			ratio: ratio(median(this.ms(name)), limitMs),
		};
	}

	/** How late anything else came while it was done, worst of the rounds and of all these. */
	lagRow(names: readonly string[], limitMs = 20): BenchRow {
		const lags = names.flatMap((name) => this.#of.get(name)?.lag ?? []);
		const worstOf = (name: string) => quantile(this.#of.get(name)?.lag ?? [0], 1);
		const [worst = ""] = names.toSorted((a, b) => worstOf(b) - worstOf(a));
		return {
			...{ name: "meanwhile: main thread lag, p99", ours: spread(lags, 1), peer: `≤ ${limitMs}`, unit: "ms" },
			ratio: ratio(quantile(lags, 1), limitMs),
			note: `the ratio is that of the worst (${worst}); less is better`,
		};
	}
}
