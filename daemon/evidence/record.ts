/** A record: one piece of evidence, the only thing scans, logins, agents and imports ever write. */
import type { z } from "zod";
import type { Transport } from "../../protocol/model/transport.ts";
import type { kinds } from "./kinds/index.ts";

export type Kind = keyof typeof kinds;
export type DataOf<K extends Kind> = z.infer<(typeof kinds)[K]>;

/** How evidence came in, in rising order of trust for what is inside the host. */
export const sources = ["network", "import", "agent", "login"] as const;
export type Source = (typeof sources)[number];

export interface RecordOf<K extends Kind> {
	kind: K;
	/** Canonical text form of the address (RFC 5952 for IPv6). */
	address: string;
	/** 0: about the whole host. */
	port: number;
	protocol: Transport;
	/** Name of the virtual host it is about; absent or empty: what answers without being asked for one. */
	instance?: string;
	source: Source;
	/** False when something was not answered: such a record opens findings but never closes one. */
	complete: boolean;
	/** Milliseconds since the epoch. */
	observedAt: number;
	data: DataOf<K>;
}
/** A record of any kind; narrows on `kind`. */
export type EvidenceRecord = { [K in Kind]: RecordOf<K> }[Kind];
