/** Addresses of daemons on the network: `wss://host:port`, and `ws://` for this machine alone. Pure. */
import { isIP } from "node:net";
import { AppError } from "../../protocol/errors.ts";
import { networkPort } from "../../protocol/wire.ts";

export interface NetworkAddress {
	/** Without brackets. */
	readonly host: string;
	readonly port: number;
	readonly isEncrypted: boolean;
	/** As it is remembered and shown: scheme, host in small letters, port. */
	readonly url: string;
}

export function isNetworkAddress(text: string): boolean {
	return /^wss?:\/\//i.test(text);
}

/** Throws `invalid`, also for what would send a token over a network that anybody may read. */
export function readNetworkAddress(text: string): NetworkAddress {
	const found = /^(wss?):\/\/(?:\[([\da-f:.]+)\]|([a-z0-9._-]{1,253}))(?::(\d{1,5}))?\/?$/i.exec(text);
	const [, scheme = "", bracketed, named, digits] = found ?? [];
	const host = (bracketed ?? named ?? "").toLowerCase();
	const port = digits === undefined ? networkPort : Number(digits);
	if (host === "" || host.startsWith("-") || port < 1 || port > 65_535 || (bracketed && isIP(host) !== 6)) {
		throw new AppError("invalid", `${text} is no address of a daemon.`, {
			hint: "For example: vedette attach wss://scanner.example:7443",
		});
	}
	const isEncrypted = scheme.toLowerCase() === "wss";
	if (!isEncrypted && !isHere(host)) {
		throw new AppError("invalid", `${text} would send the token for everybody on the way to read.`, {
			hint: `Without TLS only this machine is spoken to. Use wss://${text.slice(5)}, or ssh: vedette attach ssh://${host}`,
		});
	}
	const written = bracketed === undefined ? host : `[${host}]`;
	return { host, port, isEncrypted, url: `${isEncrypted ? "wss" : "ws"}://${written}:${port}` };
}

function isHere(host: string): boolean {
	return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
