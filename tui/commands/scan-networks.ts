/** `vedette scans networks`: what a running scan meets in each network, and what holds it back. */
import type { Client } from "../../protocol/client.ts";
import * as governor from "../../protocol/methods/governor.ts";
import type { NetworkFigures } from "../../protocol/model/network-figures.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

export async function showNetworks(
	ctx: CommandContext,
	client: Client,
	scan: number,
	options: { json: boolean; limit: number },
): Promise<void> {
	const found = await client.call(governor.networks, { scan, limit: Math.min(4_096, options.limit) });
	if (options.json) {
		ctx.print(jsonText(found));
		return;
	}
	printList(ctx, found, {
		json: false,
		columns,
		empty: `Nothing is known of its networks: scan ${scan} has not sent anything of late.`,
	});
	for (const sentence of found.slowedBy) ctx.print(harmless(sentence));
}

const columns: Column<NetworkFigures>[] = [
	{ title: "NETWORK", value: (one) => one.network },
	{ title: "PACKETS/S", value: (one) => one.packetsPerSecond, align: "right" },
	{ title: "ANSWERS/S", value: (one) => one.answersPerSecond, align: "right" },
	{ title: "RST/S", value: (one) => one.resetsPerSecond, align: "right" },
	{ title: "RTT MS", value: (one) => one.rttMs, align: "right" },
	{ title: "LOSS", value: (one) => (one.loss === null ? null : `${(one.loss * 100).toFixed(1)} %`), align: "right" },
	{ title: "SENT", value: (one) => one.sent, align: "right" },
	{ title: "ANSWERS", value: (one) => one.answers, align: "right" },
	{ title: "FORBIDDEN", value: (one) => one.prohibited, align: "right" },
];
