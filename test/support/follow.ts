/** Waits for a scan to come to where a test wants it, by its own events. */
import type { Client } from "../../protocol/client.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";

const over: readonly Scan["status"][] = ["finished", "cancelled", "error", "paused"];
export const isOver = (scan: Scan) => over.includes(scan.status);

/** Resolves with the first state of the scan that satisfies the test; rejects with the last one seen after `timeoutMs`. */
export function until(
	client: Client,
	id: number,
	test: (scan: Scan) => boolean,
	timeoutMs = 150_000,
	onState: (scan: Scan) => void = () => undefined,
): Promise<Scan> {
	return new Promise((resolve, reject) => {
		let last: Scan | null = null;
		const timer = setTimeout(
			() => reject(new Error(`waited ${timeoutMs} ms for scan ${id}; it is ${JSON.stringify(last)}`)),
			timeoutMs,
		);
		const see = (scan: Scan) => {
			last = scan;
			onState(scan);
			if (!test(scan)) return;
			clearTimeout(timer);
			subscription.close();
			resolve(scan);
		};
		const subscription = client.subscribe(
			scans.follow,
			{ scan: id },
			{
				onSnapshot: (snapshot) => setImmediate(see, snapshot.scan),
				onEvent: (event) => event.kind === "scan" && see(event.scan),
				onError: reject,
			},
		);
		subscription.ready.catch(reject);
	});
}
