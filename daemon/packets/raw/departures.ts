/**
 * When packets that were let through have left. Limits count a packet when it is let through; where the thread was kept
 * from handing it over, or the interface had no room, they must count it from when it left, or the next 100 ms are too full.
 */
import type { Gate, HostPass } from "../gate.ts";

/** What leaves within this time of being let through has left at once. */
const punctualMs = 0.5;

export class Departures {
	/** Since when something waits; NaN when nothing does. */
	private sinceMs = Number.NaN;
	/** The gates whose scans' packets wait. */
	private readonly scans = new Set<Gate>();
	private lastScan: Gate | null = null;
	/** To whom those go that are limited by more than their scan. */
	private readonly hosts = new Map<Gate, Set<HostPass>>();

	/** One packet was let through. `scan` limits all of the group, `gate` what the job may send to whom. */
	letThrough(scan: Gate, gate: Gate, pass: HostPass, nowMs: number): void {
		if (Number.isNaN(this.sinceMs)) this.sinceMs = nowMs;
		if (scan !== this.lastScan) {
			this.lastScan = scan;
			this.scans.add(scan);
		}
		if (gate.open) return;
		const passes = this.hosts.get(gate);
		if (passes === undefined) this.hosts.set(gate, new Set([pass]));
		else passes.add(pass);
	}

	/** All of them have left by now. */
	left(clock: () => number): void {
		const since = this.sinceMs;
		if (Number.isNaN(since)) return;
		const now = clock();
		if (now - since > punctualMs) {
			for (const scan of this.scans) scan.lateScan(since, now);
			for (const [gate, passes] of this.hosts) gate.lateHosts(passes, since, now);
		}
		this.scans.clear();
		this.lastScan = null;
		this.hosts.clear();
		this.sinceMs = Number.NaN;
	}
}
