/** Whether a rate limit holds: every packet that leaves is seen as it leaves, and counted in every window of 100 ms. */
import type { PortEngine } from "../../../daemon/packets/engine.ts";
import { loadLibc } from "../../../daemon/packets/libc.ts";
import { ReceiveRing } from "../../../daemon/packets/raw/receive-ring.ts";
import type { Work } from "./work.ts";

const everyProtocol = 0x0003;
/** Classic BPF: `ret #64`. */
const takeAll = Uint8Array.of(0x06, 0, 0, 0, 64, 0, 0, 0);
const frameSize = 256;
/** `struct tpacket2_hdr`: seconds and nanoseconds of the kernel's clock. */
const [secondsOffset, nanosecondsOffset] = [16, 20];
const windowMs = 100;

export interface Pace {
	readonly packets: number;
	/** Over the whole time, and in the fullest of all windows: packets a second. */
	readonly mean: number;
	readonly worst: number;
}

/** The work at a rate; no other traffic may be under way. */
export async function watchPace(engine: PortEngine, work: Work, ratePerSecond: number): Promise<Pace> {
	const { libc, reason } = loadLibc();
	if (libc === null) throw new Error(reason);
	const ring = new ReceiveRing(libc, everyProtocol, takeAll, 32);
	const times: number[] = [];
	const drain = () =>
		ring.drain(1 << 20, (view, at) => {
			// A SYN and nothing else is one of ours: nobody else asks anything here.
			if (view.getUint8(at) >>> 4 !== 4 || view.getUint8(at + 9) !== 6 || view.getUint8(at + 33) !== 0x02) return;
			const frame = at - (at % frameSize);
			const seconds = view.getUint32(frame + secondsOffset, true);
			times.push(seconds * 1_000 + view.getUint32(frame + nanosecondsOffset, true) / 1e6);
		});
	const timer = setInterval(drain, 20);
	const limits = { ratePerSecond, inFlight: 1_000_000, inFlightPerHost: 65_535, timeoutMs: 1_000, retries: 2 };
	for await (const _ of engine.run({ addresses: work.addresses, ports: work.ports, limits }));
	clearInterval(timer);
	drain();
	ring.close();
	times.sort((a, b) => a - b);
	const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
	return { packets: times.length, mean: times.length / seconds, worst: fullestWindow(times) * (1_000 / windowMs) };
}

/** How many of the ascending times fall into the window, wherever it begins. */
function fullestWindow(times: readonly number[]): number {
	let first = 0;
	let most = 0;
	times.forEach((time, last) => {
		while ((times[first] ?? time) <= time - windowMs) first++;
		most = Math.max(most, last - first + 1);
	});
	return most;
}
