/** What a service is called on screen, from what its probe learned. */
import type { Learned, Probe } from "./probe.ts";

export interface ServiceName {
	/** Protocol: a probe's name; `tls` when what is inside TLS was not recognised. */
	readonly name: string;
	readonly tls: boolean;
	readonly product: string | null;
	readonly version: string | null;
	readonly info: string | null;
}

/** The first lesson that names a product tells it: a probe's own kind comes first. */
export function serviceOf(probe: Probe, learned: Learned, tls: boolean): ServiceName {
	for (const { data } of learned) {
		if ("product" in data && data.product !== null) {
			return { name: probe.name, tls, product: data.product, version: data.version, info: data.info };
		}
	}
	return { name: probe.name, tls, product: null, version: null, info: null };
}
