/** Turns all jobs of the datagram engine: sends for each in turn, hears for all, and reports what was learned. */
import { randomInt } from "node:crypto";
import type { Scope } from "../../scope/scope.ts";
import { strandedForMs, strandedNote } from "../connect-loop.ts";
import { Gate } from "../gate.ts";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import type { LimitClaim } from "../limit-table.ts";
import { LinkWatch } from "../link-watch.ts";
import type { EndNote } from "../messages.ts";
import { portBlockSize } from "../raw/packet-filter.ts";
import { PacketGuard } from "../raw/packet-guard.ts";
import { Routes } from "../raw/routes.ts";
import { choosePortBlock } from "../raw-access.ts";
import { RoundTrip } from "../round-trip.ts";
import type { SharedLimits } from "../shared-limits.ts";
import { AckChannel } from "./ack-channel.ts";
import type { Channel, Destination, Heard, SendOutcome } from "./channel.ts";
import { EchoChannel } from "./echo-channel.ts";
import { type HostKey, networkKey } from "./host-key.ts";
import type { DatagramJob, DatagramNote, ProbeKind, SkippedProbe } from "./job.ts";
import { LinkChannel } from "./link-channel.ts";
import type { FromDatagramWorker } from "./messages.ts";
import { DatagramSweep } from "./sweep.ts";
import { UdpChannel } from "./udp-channel.ts";

interface Running {
	readonly run: number;
	readonly sweep: DatagramSweep;
	readonly skipped: readonly SkippedProbe[];
	reportedAtMs: number;
	reportedSent: number;
	figuresAtMs: number;
	/** Since when all that is left waits for an interface. */
	strandedMs: number | null;
}

/** Sent for one job before another has its turn and answers are heard: what comes back must find room. */
const packetsPerTurn = 64;
const heardPerTurn = 1_024;
const reportEveryMs = 20;
/** Figures of networks and what slows sending down. */
const figuresEveryMs = 250;
const answersPerReport = 1_024;
const mostNetworks = 8_192;
const longestPollMs = 10;

export class DatagramLoop {
	private readonly libc: Libc;
	private readonly report: (message: FromDatagramWorker) => void;
	private readonly now: () => number;
	private readonly limits: SharedLimits;
	private readonly channels = new Map<ProbeKind, Channel | null>();
	private readonly networks = new Map<HostKey, RoundTrip>();
	private readonly entries: NativeMemory;
	private readonly rawReason: string;
	private readonly watch = new LinkWatch();
	private routes: Routes | null = null;
	private running: Running[] = [];

	/** `rawReason`: why there are no raw sockets (a clause); empty where there are. */
	constructor(
		libc: Libc,
		limits: SharedLimits,
		rawReason: string,
		report: (message: FromDatagramWorker) => void,
		now: () => number,
	) {
		this.libc = libc;
		this.limits = limits;
		this.rawReason = rawReason;
		this.report = report;
		this.now = now;
		this.entries = libc.allocate(8 * 16);
	}

	get isIdle(): boolean {
		return this.running.length === 0;
	}

	start(run: number, job: DatagramJob, scope: Scope | null, claim: LimitClaim): void {
		const guard = new PacketGuard(scope);
		const now = this.now();
		this.watch.check(now);
		const context = {
			gate: new Gate(this.limits, claim),
			mayLeave: (key: HostKey, address: string) =>
				typeof key === "number" ? guard.mayLeave(key) : scope === null || scope.mayProbe(address),
			send: (kind: ProbeKind, to: Destination, port: number, variant: number) => this.send(kind, to, port, variant),
			roundTrip: (key: HostKey) => this.roundTripOf(key),
			watch: this.watch,
		};
		const skipped = this.skippedOf(job);
		const sweep = new DatagramSweep(job, context, now);
		const figuresAtMs = now + figuresEveryMs;
		this.running.push({ run, sweep, skipped, reportedAtMs: now, reportedSent: 0, figuresAtMs, strandedMs: null });
	}

	/** Nothing of the job leaves any more. */
	stop(run: number): void {
		const place = this.running.findIndex((one) => one.run === run);
		const [one] = place < 0 ? [] : this.running.splice(place, 1);
		if (one === undefined) return;
		one.sweep.stop();
		this.end(one, { skipped: one.skipped, sparing: [] });
	}

	acknowledge(run: number, answers: number): void {
		const one = this.running.find((one) => one.run === run);
		if (one !== undefined) one.sweep.untaken -= answers;
	}

	/** One round. When nothing can be sent for a while it waits for answers, up to `waitMs`. Returns the next such wait. */
	turn(waitMs: number): number {
		if (waitMs > 0) this.poll(Math.min(longestPollMs, waitMs));
		this.hear();
		if (!this.isIdle) this.watch.check(this.now());
		for (const { sweep } of this.running) sweep.linksChanged();
		let wait = longestPollMs;
		for (const one of this.running) {
			wait = Math.min(wait, one.sweep.turn(this.now(), packetsPerTurn));
			this.hear();
		}
		for (const one of this.running) this.tell(one);
		const over = this.running.filter((one) => one.sweep.isDone || this.isStranded(one));
		if (over.length === 0) return wait;
		this.running = this.running.filter((one) => !over.includes(one));
		for (const one of over) {
			const note = { skipped: one.skipped, sparing: one.sweep.sparing(this.now()) };
			this.end(one, note, one.sweep.isDone ? {} : strandedNote(one.sweep.strandedAt));
		}
		return 0;
	}

	private isStranded(one: Running): boolean {
		if (one.sweep.strandedAt === null) one.strandedMs = null;
		else one.strandedMs ??= this.now();
		return one.strandedMs !== null && this.now() - one.strandedMs >= strandedForMs;
	}

	close(): void {
		for (const channel of this.channels.values()) channel?.close();
		this.routes?.close();
		this.channels.clear();
		this.running = [];
	}

	private send(kind: ProbeKind, to: Destination, port: number, variant: number): SendOutcome {
		return this.channelOf(kind)?.send(to, port, variant) ?? "never";
	}

	private hear(): void {
		const take = (answer: Heard) => {
			for (const { sweep } of this.running) sweep.heard(answer, this.now());
		};
		for (const channel of this.channels.values()) channel?.receive(heardPerTurn, take);
	}

	private poll(waitMs: number): void {
		const fds = [...this.channels.values()].flatMap((channel) => channel?.fds ?? []);
		fds.forEach((fd, i) => {
			this.entries.view.setInt32(i * 8, fd, true);
			this.entries.view.setUint32(i * 8 + 4, linux.POLLIN, true);
		});
		this.libc.poll(this.entries.pointer, fds.length, Math.ceil(waitMs));
	}

	private tell(one: Running): void {
		const { sweep } = one;
		const nowMs = this.now();
		const isDue = nowMs - one.reportedAtMs >= reportEveryMs || sweep.answers.length >= answersPerReport;
		const hasNews = sweep.answers.length > 0 || sweep.sent > one.reportedSent;
		const figures = nowMs >= one.figuresAtMs ? figuresOf(sweep) : {};
		if (nowMs >= one.figuresAtMs) one.figuresAtMs = nowMs + figuresEveryMs;
		const hasFigures = (figures.networks?.length ?? 0) + (figures.slowedBy?.length ?? 0) > 0;
		if (!((isDue && hasNews) || hasFigures)) return;
		this.flush(one, figures);
		one.reportedAtMs = nowMs;
	}

	private flush(one: Running, figures: Figures): void {
		const { run, sweep } = one;
		one.reportedSent = sweep.sent;
		sweep.untaken += sweep.answers.length;
		const { settled, sent, refused } = sweep;
		this.report({ kind: "batch", run, settled, sent, refused, ...figures, ...sweep.answers.take() });
	}

	private end(one: Running, note: DatagramNote, { failed }: Pick<EndNote, "failed"> = {}): void {
		this.flush(one, figuresOf(one.sweep));
		this.report({ kind: "end", run: one.run, note, ...(failed === undefined ? {} : { failed }) });
	}

	private roundTripOf(key: HostKey): RoundTrip {
		const network = networkKey(key);
		let known = this.networks.get(network);
		if (known === undefined) {
			if (this.networks.size >= mostNetworks) this.networks.clear();
			known = new RoundTrip();
			this.networks.set(network, known);
		}
		return known;
	}

	/** Null where it cannot be had. */
	private channelOf(kind: ProbeKind): Channel | null {
		let channel = this.channels.get(kind);
		if (channel === undefined) {
			channel = this.open(kind);
			this.channels.set(kind, channel);
		}
		return channel;
	}

	private open(kind: ProbeKind): Channel | null {
		if (kind === "udp") return new UdpChannel(this.libc);
		if (kind === "echo") return new EchoChannel(this.libc, this.rawReason === "");
		if (this.rawReason !== "") return null;
		this.routes ??= new Routes(this.libc);
		if (kind === "link") return new LinkChannel(this.libc, this.routes, this.now);
		return new AckChannel(this.libc, this.routes, choosePortBlock() + randomInt(portBlockSize));
	}

	private skippedOf({ addresses, probes }: DatagramJob): SkippedProbe[] {
		const families = new Set(addresses.map((address) => (address.includes(":") ? 6 : 4)));
		const cannot = (kind: "echo" | "link" | "ack") => {
			const channel = this.channelOf(kind) as EchoChannel | LinkChannel | AckChannel | null;
			return [...families].some((family) => channel?.can(family) !== true);
		};
		const skipped: SkippedProbe[] = [];
		if (probes.link === true && cannot("link")) skipped.push({ kind: "link", reason: this.whyNotRaw });
		if (probes.echo === true && cannot("echo")) {
			const reason = `net.ipv4.ping_group_range does not hold this process's group, and ${this.whyNotRaw}`;
			skipped.push({ kind: "echo", reason });
		}
		if ((probes.ackPorts ?? []).length > 0 && cannot("ack")) skipped.push({ kind: "ack", reason: this.whyNotRaw });
		return skipped;
	}

	private get whyNotRaw(): string {
		return this.rawReason === "" ? "the system offers no such sockets" : this.rawReason;
	}
}

type Figures = Pick<Extract<FromDatagramWorker, { kind: "batch" }>, "networks" | "slowedBy">;

function figuresOf(sweep: DatagramSweep): Figures {
	return { networks: sweep.drainNetworks(), slowedBy: sweep.drainSlowdowns() };
}
