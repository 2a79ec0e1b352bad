/** Waits for the end of a map, and says how far it is. */
import type { Client } from "../../protocol/client.ts";
import * as maps from "../../protocol/methods/maps.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import { compact, count, percent, plural } from "../text/format.ts";
import { awaitRun } from "./await-run.ts";
import type { CommandContext } from "./command.ts";
import { waitingWords } from "./scan-window.ts";

export function waitForMap(ctx: CommandContext, client: Client, map: NetworkMap): Promise<NetworkMap> {
	return awaitRun(ctx, client, map, {
		...{ noun: "Map", command: "map", seeIt: `vedette map show ${map.id}`, describe },
		follow: (see, onError) =>
			client.subscribe(
				maps.watch,
				{},
				{ onSnapshot: (snapshot) => snapshot.maps.forEach(see), onEvent: (event) => see(event.map), onError },
			),
	});
}

function describe(map: NetworkMap): string {
	if (map.status === "waiting") return waitingWords(map, "map");
	if (map.status === "queued") return `Map ${map.id} waits for others to end …`;
	const parts = [
		percent(map.progress).padStart(5),
		`${count(map.settled)}/${plural(map.addresses, "address", "addresses")}`,
		plural(map.hosts, "host"),
		`${count(map.live)} live`,
	];
	if (map.rate >= 1) parts.push(`${compact(map.rate)} probes/s`);
	return parts.join("  ");
}
