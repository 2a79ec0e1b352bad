/** Keeps what a conversation gave when it breaks off half-way: the record is then marked incomplete, not lost. */
import { ProbeFailure } from "./probe.ts";

/** The greeting deceived: another protocol speaks here, so nothing learned holds. */
export class WrongProtocol extends ProbeFailure {
	constructor(message: string) {
		super("protocol", message);
		this.name = "WrongProtocol";
	}
}

/**
 * Runs the work; false when the target broke it off. WrongProtocol passes through, and so does anything that is not a
 * ProbeFailure, for that is a bug of ours.
 */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
	try {
		await work();
		return true;
	} catch (err) {
		if (err instanceof ProbeFailure && !(err instanceof WrongProtocol)) return false;
		throw err;
	}
}
