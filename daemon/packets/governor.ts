/**
 * Stands between scans and engines: gives every job the concurrency groups its addresses are in, so that no sender can
 * forget them, and reads along what each job meets. Sends nothing itself.
 */
import type { ConcurrencyGroup } from "../../protocol/model/network-figures.ts";
import { addressBytes, parseAddress } from "../scope/address.ts";
import { AddressSet } from "../scope/address-set.ts";
import type { PortBatch, PortEngine, PortJob, SharedLimit } from "./engine.ts";
import { NetworkBook } from "./network-book.ts";
import { networkName } from "./network-tally.ts";

/** Senders whose figures are kept when they have stopped. */
const mostBooks = 64;

/** What all engines have in common, as far as the governor minds. */
interface Engine<Job, R> {
	run(job: Job): R;
	close(): Promise<void>;
}
type GovernedJob = Pick<PortJob, "addresses" | "group" | "shared">;
interface Run extends AsyncIterable<Pick<PortBatch, "networks" | "slowedBy">> {
	stop(): Promise<void>;
}

export class Governor {
	private readonly groups: () => readonly ConcurrencyGroup[];
	private readonly clock: () => number;
	private readonly books = new Map<string, NetworkBook>();
	/** The groups as they were read last, by the list they were read from. */
	private read: { from: readonly ConcurrencyGroup[]; groups: { limit: SharedLimit; addresses: AddressSet }[] } = {
		from: [],
		groups: [],
	};

	/** `groups` as they stand now; the clock is monotonic, in milliseconds. */
	constructor(groups: () => readonly ConcurrencyGroup[], clock: () => number = () => performance.now()) {
		this.groups = groups;
		this.clock = clock;
	}

	/** The engine under these limits. Closing it closes the engine. */
	governPorts(engine: PortEngine): PortEngine {
		const { run, close } = this.govern(engine);
		return {
			get name() {
				return engine.name;
			},
			get reason() {
				return engine.reason;
			},
			run,
			close,
		};
	}

	/** The same for any engine whose jobs have addresses and whose runs come in batches. */
	govern<Job extends GovernedJob, R extends Run>(engine: Engine<Job, R>): Engine<Job, R> {
		return {
			run: (job) => {
				const shared = this.limitsOf(job.addresses);
				const run = engine.run(shared.length === 0 ? job : { ...job, shared });
				return job.group === undefined ? run : this.listen(run, job.group);
			},
			close: () => engine.close(),
		};
	}

	/** What the sender of this name meets, the busiest networks first; nothing when it has not sent of late. */
	figures(sender: string, limit: number): ReturnType<NetworkBook["figures"]> {
		return this.books.get(sender)?.figures(this.clock(), limit) ?? { items: [], total: 0, slowedBy: [] };
	}

	/** What a sender has sent to an address that is no engine's job. Each was answered: it goes to ports that are known to be open. */
	note(sender: string, text: string, sent: number): void {
		const address = parseAddress(text);
		if (address === null) return;
		const network = networkName(addressBytes(address));
		const figures = { network, sent, answers: sent, resets: 0, prohibited: 0, lost: 0, rttMs: null };
		this.bookOf(sender).add([figures], this.clock());
	}

	/** The groups that hold for whatever is sent to these addresses: for what is no engine's job. */
	limitsOf(addresses: readonly string[]): SharedLimit[] {
		const from = this.groups();
		if (from !== this.read.from) this.read = { from, groups: from.map(readGroup) };
		if (from.length === 0) return [];
		const asked = AddressSet.fromText(addresses.map((address) => [address, address] as const));
		return this.read.groups.filter((group) => asked.intersect(group.addresses).size > 0).map(({ limit }) => limit);
	}

	/** The same run, its batches read along. */
	private listen<R extends Run>(run: R, sender: string): R {
		const note = ({ networks = [], slowedBy = [] }: Pick<PortBatch, "networks" | "slowedBy">) => {
			if (networks.length + slowedBy.length === 0) return;
			const book = this.bookOf(sender);
			book.add(networks, this.clock());
			book.slow(slowedBy, this.clock());
		};
		async function* read(): AsyncGenerator<unknown> {
			for await (const batch of run) {
				note(batch);
				yield batch;
			}
		}
		return new Proxy(run, {
			get(target, name) {
				if (name === Symbol.asyncIterator) return read;
				const value: unknown = Reflect.get(target, name, target);
				return typeof value === "function" ? value.bind(target) : value;
			},
		});
	}

	private bookOf(sender: string): NetworkBook {
		const book = this.books.get(sender) ?? new NetworkBook();
		this.books.delete(sender);
		this.books.set(sender, book);
		while (this.books.size > mostBooks) this.books.delete(this.books.keys().next().value ?? "");
		return book;
	}
}

function readGroup({ name, ranges, ratePerSecond, inFlight }: ConcurrencyGroup): {
	limit: SharedLimit;
	addresses: AddressSet;
} {
	return { limit: { name, ranges, ratePerSecond, inFlight }, addresses: AddressSet.fromText(ranges) };
}
