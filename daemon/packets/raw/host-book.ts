/**
 * Which hosts of a raw job are open: they are taken up block by block and far apart, those that the guard denies are never
 * hosts, and an answer finds its host by address. Knows no ways and no time-outs.
 */
import { addressBytes, parseAddress } from "../../scope/address.ts";
import type { Scope } from "../../scope/scope.ts";
import { neverTargets } from "../../scope/special.ts";
import type { PortJob } from "../engine.ts";
import type { Gate } from "../gate.ts";
import { NetworkTallies } from "../network-tally.ts";
import { HostIndex } from "./host-index.ts";
import { PacketGuard } from "./packet-guard.ts";
import { PairBlock } from "./pair-block.ts";
import { coprimeStride } from "./port-order.ts";
import { type AddressValue, type Network, RawHost } from "./raw-host.ts";
import type { RawSweep, Surroundings } from "./raw-sweep.ts";

/** Pairs of a block: 12 MB. Two blocks may be open, so that the tail of one does not hold up the next. */
const pairsPerBlock = 1 << 22;
const hostsPerBlock = 1 << 16;

export class HostBook {
	readonly blocks: PairBlock[] = [];
	readonly tallies: NetworkTallies;
	/** Asked before each packet to an IPv4 address as well. */
	readonly guard: PacketGuard;
	private readonly sweep: RawSweep;
	private readonly job: PortJob;
	private readonly scope: Scope | null;
	private readonly gate: Gate;
	private readonly networkOf: (address: AddressValue) => Network;
	private readonly index = new HostIndex();
	private readonly mostPairs: number;
	private stride = 1;
	private nextAddress = 0;

	constructor(sweep: RawSweep, scope: Scope | null, around: Surroundings, mostPairs = pairsPerBlock) {
		this.sweep = sweep;
		this.job = sweep.job;
		this.scope = scope;
		this.guard = new PacketGuard(scope);
		this.gate = around.gate;
		this.networkOf = around.networkOf;
		this.tallies = new NetworkTallies(around.watch ?? null);
		this.mostPairs = mostPairs;
		if (this.job.ports.length === 0) this.nextAddress = this.job.addresses.length;
	}

	get done(): boolean {
		return this.blocks.length === 0 && this.nextAddress >= this.job.addresses.length;
	}

	/** The hosts that are not over. */
	*hosts(): Generator<RawHost> {
		for (const block of this.blocks) for (const host of block.hosts) if (host !== undefined) yield host;
	}

	find(address: AddressValue): RawHost | undefined {
		return this.index.find(address);
	}

	/** One more host, if there is room; `refused`: the guard denies the address. Null when there is none to open now. */
	open(nowMs: number): RawHost | "refused" | null {
		let block = this.blocks.at(-1);
		if (block === undefined || block.hosts.length >= block.room) {
			const left = this.job.addresses.length - this.nextAddress;
			if (left <= 0 || this.blocks.length >= 2 || (block !== undefined && block.fresh > 0)) return null;
			const ports = this.job.ports.length;
			const room = Math.min(left, hostsPerBlock, Math.max(1, Math.floor(this.mostPairs / ports)));
			block = new PairBlock(room, ports, nowMs, this.nextAddress);
			this.stride = coprimeStride(room);
			this.nextAddress += room;
			this.blocks.push(block);
		}
		return this.openIn(block);
	}

	/** Nothing more is asked of the host, and answers no longer find it. */
	end(host: RawHost): void {
		const { block } = host;
		host.over = true;
		block.endFresh(host);
		block.hosts[host.slot] = undefined;
		this.index.remove(host);
		block.live--;
		this.closeIfDone(block);
	}

	/** Ends all of them, and those that were not opened yet. */
	endAll(): void {
		for (const host of this.hosts()) host.over = true;
		this.blocks.length = 0;
		this.nextAddress = this.job.addresses.length;
	}

	private openIn(block: PairBlock): RawHost | "refused" {
		// Neighbours far apart, so that no subnet gets a burst.
		const index = block.firstIndex + ((block.hosts.length * this.stride) % block.room);
		const text = this.job.addresses[index] ?? "";
		const address = this.read(text);
		if (address === null) {
			block.hosts.push(undefined);
			block.fresh--;
			this.closeIfDone(block);
			return "refused";
		}
		const tally = typeof address === "number" ? this.tallies.of4(address) : this.tallies.of(bytesOf(address));
		const limited = { limits: this.gate.passFor(text), tally };
		const host = new RawHost(this.sweep, index, block, address, this.networkOf(address), limited);
		host.wasCut = tally.isCut;
		block.hosts.push(host);
		block.live++;
		this.index.add(host);
		return host;
	}

	/** The address, if it may be probed. */
	private read(text: string): AddressValue | null {
		const value = readDotted(text);
		if (value >= 0) return this.guard.mayLeave(value) ? value : null;
		const address = parseAddress(text);
		if (address === null) return null;
		if (address.family === 4) return this.guard.mayLeave(Number(address.value)) ? Number(address.value) : null;
		if (this.scope !== null ? !this.scope.mayProbe(text) : neverTargets.has(address)) return null;
		return wordsOf(addressBytes(address));
	}

	private closeIfDone(block: PairBlock): void {
		if (block.live === 0 && block.hosts.length >= block.room) this.blocks.splice(this.blocks.indexOf(block), 1);
	}
}

/** An IPv4 address as it is always written; -1 for anything else. Quick, because it is done for each of millions. */
function readDotted(text: string): number {
	let value = 0;
	let part = -1;
	let dots = 0;
	for (let i = 0; i < text.length; i++) {
		const digit = text.charCodeAt(i) - 48;
		if (digit >= 0 && digit <= 9) {
			if (part === 0) return -1;
			part = Math.max(part, 0) * 10 + digit;
			if (part > 255) return -1;
		} else if (digit === -2 && part >= 0 && ++dots < 4) {
			value = value * 256 + part;
			part = -1;
		} else return -1;
	}
	return dots === 3 && part >= 0 ? value * 256 + part : -1;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4));
}

function bytesOf(words: Uint32Array): Uint8Array {
	return Uint8Array.from({ length: words.length * 4 }, (_, i) => (words[i >> 2] ?? 0) >>> (24 - (i & 3) * 8));
}
