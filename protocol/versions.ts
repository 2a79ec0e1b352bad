/**
 * Two programs that are not of the same age: whether they can speak, and which of them to renew. Both ends judge, each in its own
 * words, because the other one may be too old to know these.
 */
import { AppError } from "./errors.ts";

export interface Speaker {
	/** Of the program, for people: `0.1.0`, `vedette 0.1.0`. */
	readonly program: string;
	/** `major.minor`. */
	readonly protocol: string;
}

/** Same major number: what either does not know it says, and the rest works. */
export function canSpeak(a: string, b: string): boolean {
	return majorOf(a) === majorOf(b) && majorOf(a) !== null;
}

/** `daemon` and `client` of different major numbers; says which is the older. */
export function cannotSpeak(daemon: Speaker, client: Speaker): AppError {
	const [theirs, ours] = [majorOf(daemon.protocol), majorOf(client.protocol)];
	const message = `The daemon (${daemon.program}) speaks protocol ${short(daemon.protocol)}, the client (${client.program}) ${short(client.protocol)}: they do not understand each other.`;
	const details = { daemon: daemon.program, protocol: daemon.protocol };
	return new AppError("version-mismatch", message, { hint: whatToRenew(theirs, ours), details });
}

function whatToRenew(daemon: number | null, client: number | null): string {
	if (daemon === null || client === null) return `Install the same version on both sides. ${restart}`;
	if (daemon > client) return "This side is the older: install here the version that the daemon has.";
	return `The daemon is the older: install the newer version where it runs. ${restart}`;
}

const restart = "Then restart it there: vedette daemon stop && vedette daemon start   (running scans carry on)";

/** The daemon answered that there is no such method: it is older than who asks. */
export function notKnownThere(method: string, daemon: Speaker, client: string): AppError {
	return new AppError("version-mismatch", `The daemon (${daemon.program}) does not know ${method}; ${client} does.`, {
		hint: `It is the older: install the newer version where it runs. ${restart}`,
		details: { daemon: daemon.program, protocol: daemon.protocol, method },
	});
}

/** An answer that is not as this side knows it: likely of a newer daemon, which may say more than was agreed. */
export function notUnderstood(err: unknown, daemon: Speaker, client: string): unknown {
	if (!(err instanceof AppError) || err.code !== "internal" || client.endsWith(` ${daemon.program}`)) return err;
	return new AppError("version-mismatch", `${err.message} The daemon is ${daemon.program}, and this is ${client}.`, {
		hint: "Install the same version on both sides.",
		cause: err,
	});
}

function majorOf(protocol: string): number | null {
	const found = /^(\d{1,6})\.\d{1,6}$/.exec(protocol)?.[1];
	return found === undefined ? null : Number(found);
}

/** What somebody else says of themselves. */
function short(text: string): string {
	return /^[\w.-]{1,20}$/.test(text) ? text : JSON.stringify(text.slice(0, 20));
}
