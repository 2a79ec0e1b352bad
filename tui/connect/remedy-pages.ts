/** Reads what would mend findings, all of its pages. */
import type { Client } from "../../protocol/client.ts";
import { plan } from "../../protocol/methods/remedy.ts";
import type { HostRemedy } from "../../protocol/model/remedy.ts";

export interface Chosen {
	readonly filter: string;
	/** These, whatever the filter says. */
	readonly ids?: readonly number[];
}

/** `most` assets at most; `assets` says how many there are. */
export async function readRemedy(
	client: Client,
	{ filter, ids }: Chosen,
	most: number,
): Promise<{ readonly hosts: readonly HostRemedy[]; readonly assets: number }> {
	const hosts: HostRemedy[] = [];
	for (let after = 0; ; ) {
		const page = await client.call(plan, { filter, ...(ids === undefined ? {} : { ids: [...ids] }), after });
		hosts.push(...page.hosts);
		if (page.next === null || hosts.length >= most) return { hosts: hosts.slice(0, most), assets: page.assets };
		after = page.next;
	}
}
