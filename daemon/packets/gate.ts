/**
 * What every packet of a job passes before it leaves: the rates of its host, its /24 (IPv6 /64), its concurrency groups
 * and its scan, over all threads that send. How to use it: one `pass` for each host; `ask` before each packet; `unasked` when it
 * was not sent after all; `done`, in any case, once the question is answered, given up or dropped.
 */
import { addressBytes, parseAddress } from "../scope/address.ts";
import { AddressSet } from "../scope/address-set.ts";
import type { LimitClaim } from "./limit-table.ts";
import { intervalOf, type SharedLimits } from "./shared-limits.ts";

/** What limits one host, looked up once. Keys are 0 where the rate does not hold. */
export interface HostPass {
	readonly host: number;
	readonly network: number;
	readonly groups: readonly number[];
	/** The sender's own share of each of them. */
	readonly shares: readonly number[];
}

/** What held a packet back: a host's own rate, a network by its key, a group by its slot, or the whole scan. */
export type HeldBy = { readonly kind: "host" | "scan" } | { readonly kind: "network" | "group"; readonly key: number };

const noPass: HostPass = { host: 0, network: 0, groups: [], shares: [] };
const heldByHost: HeldBy = { kind: "host" };
const heldByScan: HeldBy = { kind: "scan" };
/** How long to wait for another question of a full group to be answered. Milliseconds. */
const fullWaitMs = 5;

export class Gate {
	/** True when nothing but the scan's own rate limits the job. */
	readonly open: boolean;
	/** Of the last `ask` that was refused. */
	heldBy: HeldBy = heldByScan;
	private readonly limits: SharedLimits;
	private readonly scan: number;
	private readonly shared: readonly { name: string; slot: number; share: number; addresses: AddressSet }[];
	private readonly exempt: AddressSet;
	/** Ticks between packets; 0 where there is no such rate. */
	private readonly hostInterval: number;
	private readonly networkInterval: number;

	constructor(limits: SharedLimits, claim: LimitClaim) {
		this.limits = limits;
		this.scan = claim.scan;
		this.shared = claim.shared.map(({ name, slot, share, ranges }) => ({
			name,
			slot,
			share,
			addresses: AddressSet.fromText(ranges),
		}));
		this.exempt = AddressSet.fromText(claim.exempt);
		this.hostInterval = claim.ratePerHost > 0 ? intervalOf(claim.ratePerHost) : 0;
		this.networkInterval = claim.ratePerNetwork > 0 ? intervalOf(claim.ratePerNetwork) : 0;
		this.open = claim.shared.length === 0 && this.hostInterval === 0 && this.networkInterval === 0;
	}

	/** `text` is an address; anything else passes as one of no group. */
	passFor(text: string): HostPass {
		const address = this.open ? null : parseAddress(text);
		if (address === null) return noPass;
		const held = this.shared.filter(({ addresses }) => addresses.has(address));
		const [groups, shares] = [held.map(({ slot }) => slot), held.map(({ share }) => share)];
		if (this.exempt.has(address)) return groups.length === 0 ? noPass : { ...noPass, groups, shares };
		const bytes = addressBytes(address);
		return {
			host: this.hostInterval === 0 ? 0 : hash(bytes, bytes.length),
			network: this.networkInterval === 0 ? 0 : hash(bytes, bytes.length === 4 ? 3 : 8),
			...{ groups, shares },
		};
	}

	/** The concurrency group that a slot stands for. */
	groupName(slot: number): string {
		return this.shared.find((one) => one.slot === slot)?.name ?? "";
	}

	/** 0: the packet may leave, and counts. Else how long to wait before asking again, and `heldBy` says for what. */
	ask(pass: HostPass, nowMs: number): number {
		const { limits, scan } = this;
		if (limits.take(scan, 1, nowMs) === 0) {
			this.heldBy = heldByScan;
			return Math.max(0.01, limits.waitMs(scan, nowMs));
		}
		const wait = this.askHost(pass, nowMs);
		if (wait > 0) limits.giveBack(scan, 1);
		return wait;
	}

	/** For a sender that takes the scan's packets in one go with `takeScan`: all the other limits. */
	askHost(pass: HostPass, nowMs: number): number {
		if (pass === noPass) return 0;
		const { limits, hostInterval, networkInterval } = this;
		if (pass.host !== 0 && !limits.takeKeyed(pass.host, hostInterval, nowMs)) {
			this.heldBy = heldByHost;
			return Math.max(0.01, limits.waitMsKeyed(pass.host, hostInterval, nowMs));
		}
		if (pass.network !== 0 && !limits.takeKeyed(pass.network, networkInterval, nowMs)) {
			if (pass.host !== 0) limits.giveBackKeyed(pass.host, hostInterval, nowMs);
			this.heldBy = { kind: "network", key: pass.network };
			return Math.max(0.01, limits.waitMsKeyed(pass.network, networkInterval, nowMs));
		}
		for (let i = 0; i < pass.groups.length; i++) {
			const slot = pass.groups[i] ?? 0;
			const wait = this.enter(slot, pass.shares[i] ?? 0, nowMs);
			if (wait === 0) continue;
			this.giveBackHost(pass, i, nowMs);
			this.heldBy = { kind: "group", key: slot };
			return wait;
		}
		return 0;
	}

	/** How many of the packets a sender has ready may leave by the scan's own rate. */
	takeScan(wanted: number, nowMs: number): number {
		if (this.scan < 0) return wanted;
		return wanted === 0 ? 0 : this.limits.take(this.scan, wanted, nowMs);
	}

	giveBackScan(packets: number): void {
		if (this.scan >= 0) this.limits.giveBack(this.scan, packets);
	}

	scanWaitMs(nowMs: number): number {
		return this.limits.waitMs(this.scan, nowMs);
	}

	/** For a sender that was kept from handing over what it had taken: the rates count it as sent when it was. */
	lateScan(takenMs: number, leftMs: number): void {
		if (this.scan >= 0) this.limits.late(this.scan, takenMs, leftMs);
	}

	/** The same for all limits but the scan's, once for each host. */
	lateHosts(passes: Iterable<HostPass>, takenMs: number, leftMs: number): void {
		const { limits, hostInterval, networkInterval } = this;
		const networks = new Set<number>();
		const groups = new Set<number>();
		for (const { host, network, groups: slots } of passes) {
			if (host !== 0) limits.lateKeyed(host, hostInterval, takenMs, leftMs);
			if (network !== 0) networks.add(network);
			for (const slot of slots) groups.add(slot);
		}
		for (const key of networks) limits.lateKeyed(key, networkInterval, takenMs, leftMs);
		for (const slot of groups) limits.late(slot, takenMs, leftMs);
	}

	/** The rates are given back of a packet that was not sent; the question stays open until `done`. */
	unasked(pass: HostPass, nowMs: number): void {
		this.giveBackScan(1);
		this.unaskedHost(pass, nowMs);
	}

	/** The same for a sender that gives back the scan's packets itself. */
	unaskedHost(pass: HostPass, nowMs: number): void {
		if (pass.host !== 0) this.limits.giveBackKeyed(pass.host, this.hostInterval, nowMs);
		if (pass.network !== 0) this.limits.giveBackKeyed(pass.network, this.networkInterval, nowMs);
		for (const slot of pass.groups) this.limits.giveBack(slot, 1);
	}

	/** Questions to the host that are no longer open. */
	done(pass: HostPass, questions = 1): void {
		if (questions === 0 || pass.groups.length === 0) return;
		for (const slot of pass.groups) this.limits.leave(slot, questions);
	}

	/** Several senders in one group take turns: who has had more lets one that waits go first. */
	private enter(slot: number, share: number, nowMs: number): number {
		const { limits } = this;
		const wait = limits.yields(slot, share, nowMs) ? fullWaitMs : this.enterGroup(slot, nowMs);
		if (wait === 0) limits.served(slot, share, nowMs);
		else limits.waits(slot, share, nowMs, wait);
		return wait;
	}

	private enterGroup(slot: number, nowMs: number): number {
		const { limits } = this;
		if (!limits.enter(slot)) return fullWaitMs;
		if (limits.take(slot, 1, nowMs) === 1) return 0;
		limits.leave(slot);
		return Math.max(0.01, limits.waitMs(slot, nowMs));
	}

	/** Host, network, and the first so many groups. */
	private giveBackHost(pass: HostPass, groups: number, nowMs: number): void {
		const { limits } = this;
		if (pass.host !== 0) limits.giveBackKeyed(pass.host, this.hostInterval, nowMs);
		if (pass.network !== 0) limits.giveBackKeyed(pass.network, this.networkInterval, nowMs);
		for (let i = 0; i < groups; i++) {
			const slot = pass.groups[i] ?? 0;
			limits.giveBack(slot, 1);
			limits.leave(slot);
		}
	}
}

/** FNV-1a over the bytes and how many they are, so that a network is not one of its addresses; never 0. */
function hash(bytes: Uint8Array, length: number): number {
	let value = 0x811c9dc5 ^ length;
	for (let i = 0; i < length; i++) value = Math.imul(value ^ (bytes[i] ?? 0), 0x01000193);
	value ^= value >>> 15;
	return value === 0 ? 1 : value;
}
