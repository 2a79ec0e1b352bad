/** Which port engine this process uses, and why: the raw one where it may open raw sockets, the connect engine elsewhere. */
import { type ConnectEngineOptions, prepareConnectEngine } from "./connect.ts";
import type { PortEngine } from "./engine.ts";
import { checkRawAccess } from "./raw-access.ts";
import { prepareRawEngine, type RawEngineOptions } from "./raw-engine.ts";

export interface EngineChoice {
	readonly engine: PortEngine;
	/** A sentence for `doctor` and `daemon.status`. */
	readonly reason: string;
	/** How to grant what is missing; null when nothing is, or nothing helps. */
	readonly hint: string | null;
}

/** Starts no thread and sends nothing. The caller closes the engine. */
export function chooseEngine(
	options: Omit<RawEngineOptions, "fallback" | "access"> & { readonly connect?: ConnectEngineOptions } = {},
): EngineChoice {
	const connect = prepareConnectEngine(options.connect);
	const access = checkRawAccess();
	const raw = prepareRawEngine({ ...options, fallback: connect, access });
	if (raw !== null) return { engine: raw, reason: raw.reason, hint: null };
	const reason = `${connect.reason} Not with raw packets: ${access.reason}.`;
	return { engine: new Explained(connect, reason), reason, hint: access.hint };
}

/** An engine that says more about why it was chosen. */
class Explained implements PortEngine {
	private readonly inner: PortEngine;
	readonly reason: string;

	constructor(inner: PortEngine, reason: string) {
		this.inner = inner;
		this.reason = reason;
	}

	get name(): string {
		return this.inner.name;
	}
	run(job: Parameters<PortEngine["run"]>[0]): ReturnType<PortEngine["run"]> {
		return this.inner.run(job);
	}
	close(): Promise<void> {
		return this.inner.close();
	}
}
