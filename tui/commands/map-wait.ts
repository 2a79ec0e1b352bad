/** Waits for the end of a map, with a progress line where somebody looks. The map itself runs in the daemon. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as maps from "../../protocol/methods/maps.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import { compact, count, percent, plural } from "../text/format.ts";
import type { CommandContext } from "./command.ts";
import { Interrupted } from "./outcome.ts";
import { progressLine } from "./scan-progress.ts";
import { waitingWords } from "./scan-window.ts";

const over: readonly NetworkMap["status"][] = ["finished", "cancelled", "error", "paused"];

/** How long the daemon may be away before waiting for its map is given up. Milliseconds. */
const patienceMs = 15_000;

/**
 * The map as it is when it is over or paused. Raises `Interrupted` on Ctrl-C, which ends the waiting and not the map, and
 * `unavailable` when the daemon stays away.
 */
export function waitForMap(ctx: CommandContext, client: Client, map: NetworkMap): Promise<NetworkMap> {
	const line = progressLine(ctx);
	const { promise, resolve, reject } = Promise.withResolvers<NetworkMap>();
	const gone = () =>
		reject(
			new AppError(
				"unavailable",
				`The daemon went away during map ${map.id}; the map carries on when it starts again.`,
				{
					hint: "Start it with: vedette daemon start",
				},
			),
		);
	const stopListening = ctx.onInterrupt(() =>
		reject(
			new Interrupted(
				`Map ${map.id} goes on in the daemon.`,
				`See it with: vedette map show ${map.id}   Stop it with: vedette map cancel ${map.id}`,
			),
		),
	);
	let patience: NodeJS.Timeout | undefined;
	const stopWatching = client.onState((state) => {
		clearTimeout(patience);
		if (state === "closed") return gone();
		if (state !== "reconnecting") return;
		line.show("The daemon is away; waiting for it to come back …");
		patience = setTimeout(gone, patienceMs);
	});
	let toldOfWaiting = false;
	const see = (current: NetworkMap) => {
		if (current.id !== map.id) return;
		if (current.status === "waiting" && !toldOfWaiting && ctx.stderr.isTTY !== true) {
			toldOfWaiting = true;
			ctx.stderr.write(`${waitingWords(current, "map")}\n`);
		}
		line.show(describe(current));
		if (over.includes(current.status)) resolve(current);
	};
	const subscription = client.subscribe(
		maps.watch,
		{},
		{
			onSnapshot: (snapshot) => snapshot.maps.forEach(see),
			onEvent: (event) => see(event.map),
			onError: reject,
		},
	);
	return promise.finally(() => {
		line.clear();
		clearTimeout(patience);
		stopWatching();
		stopListening();
		subscription.close();
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
