/** Asks a window of addresses whether somebody is there: the first answer of any kind, open or refused, says so. */
import type { PortEngine } from "../packets/engine.ts";
import type { Target } from "./journal.ts";
import type { ScanPlan } from "./plan.ts";

/**
 * Hands over those that answered as they are found, with the attempts sent since last time, and waits for the taker.
 * Resolves with those that stayed silent; null when the signal ended it, for then nothing is known of them.
 */
export async function discover(
	targets: readonly Target[],
	plan: Pick<ScanPlan, "discoveryPorts" | "limits" | "guard" | "group">,
	engine: PortEngine,
	signal: AbortSignal,
	onFound: (found: Target[], sent: number) => Promise<void>,
): Promise<Target[] | null> {
	const waiting = new Map(targets.map((target) => [target.address, target]));
	const { ratePerSecond, inFlight, inFlightPerHost, timeoutMs, retries } = plan.limits;
	const run = engine.run({
		addresses: [...waiting.keys()],
		ports: plan.discoveryPorts,
		firstAnswerOnly: true,
		limits: { ratePerSecond, inFlight, inFlightPerHost, timeoutMs, retries },
		guard: plan.guard,
		group: plan.group,
	});
	const stop = () => void run.stop();
	signal.addEventListener("abort", stop, { once: true });
	if (signal.aborted) stop();
	let sent = 0;
	try {
		for await (const batch of run) {
			const found: Target[] = [];
			for (const answer of batch.answers) {
				const target = waiting.get(answer.address);
				if (target === undefined || (answer.state !== "open" && answer.state !== "closed")) continue;
				waiting.delete(answer.address);
				const how = `tcp ${answer.port} ${answer.state}`;
				found.push({ ...target, state: "alive", how, rttMs: answer.rttMs });
			}
			await onFound(found, batch.sent - sent);
			sent = batch.sent;
		}
	} finally {
		signal.removeEventListener("abort", stop);
		await run.stop();
	}
	return signal.aborted ? null : [...waiting.values()];
}
