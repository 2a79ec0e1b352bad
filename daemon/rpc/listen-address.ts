/** Where the daemon is told to listen on the network: an address and a port, as text. Pure. */
import { BlockList, isIP } from "node:net";
import { AppError } from "../../protocol/errors.ts";
import { networkPort } from "../../protocol/wire.ts";

export interface ListenAddress {
	/** An IP address: a name could come to mean another one. */
	readonly host: string;
	/** 0: any that is free. */
	readonly port: number;
	/** Nobody beyond this machine reaches it. */
	readonly isLoopback: boolean;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** `127.0.0.1:7443`, `[::]:7443`, `localhost`; without a port the usual one. Throws `invalid`. */
export function readListenAddress(text: string): ListenAddress {
	const found = /^(?:\[([\da-f:.]{2,50})\]|([^[\]:\s]{1,50}))(?::(\d{1,5}))?$/i.exec(text.trim());
	const named = found?.[1] ?? found?.[2] ?? "";
	const host = named.toLowerCase() === "localhost" ? "127.0.0.1" : named;
	const port = found?.[3] === undefined ? networkPort : Number(found[3]);
	const family = isIP(host);
	if (family === 0 || port > 65_535 || (family === 6) !== (found?.[1] !== undefined)) {
		throw new AppError("invalid", `${JSON.stringify(text.slice(0, 100))} is no address to listen on.`, {
			hint: "For example 127.0.0.1:7443, 0.0.0.0:7443 or [::]:7443: an address of this machine and a port.",
		});
	}
	return { host, port, isLoopback: loopback.check(host, family === 6 ? "ipv6" : "ipv4") };
}

/** As it is written in an address: brackets around what has colons. */
export function writeListenAddress(host: string, port: number): string {
	return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
