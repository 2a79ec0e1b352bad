/** What a command line says of listening on the network. */
import { resolve } from "node:path";
import type { Listener } from "../../protocol/model/operator.ts";

export interface ListenOptions {
	readonly listen: string;
	readonly tls: boolean;
	readonly cert: string;
	readonly key: string;
}

/** Paths as the daemon finds them, wherever it was started. */
export function listenerOf(address: string, { tls, cert, key }: Partial<ListenOptions>): Listener {
	return {
		address,
		tls: tls === true,
		certificate: cert === undefined ? null : resolve(cert),
		key: key === undefined ? null : resolve(key),
	};
}
