/** Which port engine this process uses, and why: the raw one where it may open raw sockets, the connect engine elsewhere. */
import { AppError } from "../../protocol/errors.ts";
import { type ConnectEngineOptions, prepareConnectEngine } from "./connect.ts";
import type { PortEngine } from "./engine.ts";
import { LimitTable } from "./limit-table.ts";
import { checkRawAccess } from "./raw-access.ts";
import { prepareRawEngine, type RawEngineOptions } from "./raw-engine.ts";

export interface EngineChoice {
	readonly engine: PortEngine;
	/** A sentence for `doctor` and `daemon.status`. */
	readonly reason: string;
	/** How to grant what is missing; null when nothing is, or nothing helps. */
	readonly hint: string | null;
}

/** What may be asked for: the best there is, or connects even where raw packets are allowed. */
const engineWishes = ["auto", "connect"] as const;
export type EngineWish = (typeof engineWishes)[number];

/** Reads `VEDETTE_ENGINE`; absent or empty means the best there is. Raises `invalid` for a word it does not know. */
export function readEngineWish(env: NodeJS.ProcessEnv): EngineWish {
	const word = env.VEDETTE_ENGINE ?? "";
	const wish = word === "" ? "auto" : engineWishes.find((one) => one === word);
	if (wish !== undefined) return wish;
	throw new AppError("invalid", `VEDETTE_ENGINE is "${word}", and there is no such port engine.`, {
		hint: `Set it to ${engineWishes.join(" or ")}, or take it away.`,
	});
}

/** Why raw packets are not wanted, a clause; null when they are. */
export function whyNotRaw(wish: EngineWish): string | null {
	return wish === "connect" ? "VEDETTE_ENGINE=connect asks for connects" : null;
}

export interface ChoiceOptions extends Omit<RawEngineOptions, "fallback" | "access"> {
	readonly wish?: EngineWish;
	readonly connect?: ConnectEngineOptions;
}

/** Starts no thread and sends nothing. The caller closes the engine. */
export function chooseEngine(options: ChoiceOptions = {}): EngineChoice {
	const limits = options.limits ?? new LimitTable();
	const connect = prepareConnectEngine({ ...options.connect, limits });
	const unwanted = whyNotRaw(options.wish ?? "auto");
	if (unwanted !== null) {
		const reason = `${connect.reason} Not with raw packets: ${unwanted}.`;
		return { engine: new Explained(connect, reason), reason, hint: null };
	}
	const access = checkRawAccess();
	const raw = prepareRawEngine({ ...options, limits, fallback: connect, access });
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
