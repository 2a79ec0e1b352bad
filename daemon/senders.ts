/** All that sends by a plan: engines, probes, logins and traced routes, under one table of limits, and the governor between them and scans. */
import type { Logger } from "pino";
import type { OpenParts } from "./open-parts.ts";
import { createDatagramEngine } from "./packets/datagram-engine.ts";
import { Governor } from "./packets/governor.ts";
import { LimitTable } from "./packets/limit-table.ts";
import { chooseEngine, readEngineWish, whyNotRaw } from "./packets/raw-choice.ts";
import { createTracer } from "./packets/trace/trace-routes.ts";
import { createLoginTurns } from "./scan/login-turns.ts";
import { createProbePool } from "./scan/probe-pool.ts";

export interface SenderOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly log: Logger;
	/** Concurrency groups as they are now. */
	readonly groups: ConstructorParameters<typeof Governor>[0];
}

export type Senders = ReturnType<typeof openSenders>;

/** What is opened is held by `parts`. */
export function openSenders(parts: OpenParts, { env, log, groups }: SenderOptions) {
	// One table, so that a scan's rate holds over whatever it sends.
	const limits = new LimitTable();
	const wish = readEngineWish(env);
	const choice = chooseEngine({
		limits,
		wish,
		onHandover: (reason) => log.info({ reason }, "a job of raw packets is left to connects"),
	});
	const governor = new Governor(groups);
	const sharedOf = (addresses: readonly string[]) => governor.limitsOf(addresses);
	const engine = parts.hold(governor.governPorts(choice.engine));
	const datagrams = parts.hold(governor.govern(createDatagramEngine({ limits, notRaw: whyNotRaw(wish) })));
	const pool = parts.hold(
		createProbePool({
			limits,
			sharedOf: (address) => sharedOf([address]),
			onSent: ({ address, pace }, sent) => {
				if (pace.group !== undefined) governor.note(pace.group, address, sent);
			},
			onFault: (message) => log.error({ message }, "the probe worker failed"),
		}),
	);
	const loginTurns = parts.hold(createLoginTurns(limits, sharedOf));
	const traceRoutes = createTracer({ limits, sharedOf });
	return { choice, governor, engine, datagrams, pool, loginTurns, traceRoutes };
}
