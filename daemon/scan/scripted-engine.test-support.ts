/** A port engine for tests that answers from a script, a batch at a time, and remembers what it was asked. */
import type { PairState, PortBatch, PortEngine, PortJob, PortRun } from "../packets/engine.ts";

export class ScriptedEngine implements PortEngine {
	readonly name = "scripted";
	readonly reason = "for a test";
	/** Every pair that was asked, `address:port`, in order. */
	readonly asked: string[] = [];
	/** Called before each batch of a job; a promise that does not settle holds the job there. */
	gate: (job: PortJob, batch: number) => Promise<void> = () => Promise.resolve();
	readonly #open: ReadonlySet<string>;
	readonly #silent: ReadonlySet<string>;
	readonly #batchSize: number;
	readonly #stateOf: (address: string, port: number) => PairState;

	constructor(options: {
		open: readonly string[];
		silentAddresses?: readonly string[];
		batchSize?: number;
		/** Instead of both lists. */
		stateOf?: (address: string, port: number) => PairState;
	}) {
		this.#open = new Set(options.open);
		this.#silent = new Set(options.silentAddresses ?? []);
		this.#batchSize = options.batchSize ?? 10;
		this.#stateOf = options.stateOf ?? ((address, port) => this.#listed(address, port));
	}

	run(job: PortJob): PortRun {
		const stopped = Promise.withResolvers<"stopped">();
		let ended = false;
		const pairs =
			job.firstAnswerOnly === true
				? job.addresses.flatMap((address) => job.ports.slice(0, 1).map((port) => [address, port] as const))
				: job.addresses.flatMap((address) => job.ports.map((port) => [address, port] as const));
		const batches = async function* (this: ScriptedEngine): AsyncGenerator<PortBatch> {
			for (let from = 0, batch = 0; from < pairs.length; from += this.#batchSize, batch++) {
				if ((await Promise.race([this.gate(job, batch), stopped.promise])) === "stopped" || ended) return;
				const now = pairs.slice(from, from + this.#batchSize);
				this.asked.push(...now.map(([address, port]) => `${address}:${port}`));
				yield {
					answers: now.map(([address, port]) => ({
						address,
						port,
						state: this.#stateOf(address, port),
						rttMs: 1,
					})),
					settled: from + now.length,
					sent: from + now.length,
				};
			}
		}.call(this);
		return {
			[Symbol.asyncIterator]: () => batches,
			stop: async () => {
				ended = true;
				stopped.resolve("stopped");
			},
		};
	}

	#listed(address: string, port: number): PairState {
		if (this.#silent.has(address)) return "filtered";
		return this.#open.has(`${address}:${port}`) ? "open" : "closed";
	}

	async close(): Promise<void> {}
}
