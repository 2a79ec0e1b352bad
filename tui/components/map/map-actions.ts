/** What can be done to maps and their hosts from the console: pause, cancel, approve, take into the inventory, scan. */
import * as maps from "../../../protocol/methods/maps.ts";
import type { MapHost, NetworkMap } from "../../../protocol/model/map.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { reversible } from "../../state/undo.ts";
import { count, plural } from "../../text/format.ts";
import { askRunNow, whyNotNow } from "../scan/run-now.ts";
import { startScan } from "../scan/scan-actions.ts";
import { hostWords } from "./describe-map.ts";

export function pauseMapHandler(context: ScreenContext, current: () => NetworkMap | undefined): Handler {
	return {
		run() {
			const map = current();
			if (!map) return;
			const isPaused = map.status === "paused";
			context.client
				.call(isPaused ? maps.resume : maps.pause, { map: map.id })
				.then(
					() =>
						context.toast(
							"good",
							isPaused ? `Resumed “${map.title}”.` : `Paused “${map.title}”; ${keyOf("maps", "pause")} resumes it.`,
						),
					context.fail,
				);
		},
		word: () => (current()?.status === "paused" ? "resume" : "pause"),
		disabled() {
			const map = current();
			if (!map) return "There is no map to pause.";
			return ["running", "queued", "waiting", "paused"].includes(map.status) ? undefined : `The map is ${map.status}.`;
		},
	};
}

export function cancelMapHandler(context: ScreenContext, current: () => NetworkMap | undefined): Handler {
	return {
		run() {
			const map = current();
			if (map) askCancel(context, map);
		},
		disabled() {
			const map = current();
			if (!map) return "There is no map to cancel.";
			return isOver(map) ? "The map is already over." : undefined;
		},
	};
}

/** Past its window, as `vedette map resume --ignore-window` does. */
export function runMapNowHandler(context: ScreenContext, current: () => NetworkMap | undefined): Handler {
	return {
		run() {
			const map = current();
			if (map)
				askRunNow(context, "map", map, () => context.client.call(maps.resume, { map: map.id, ignoreWindow: true }));
		},
		disabled: () => whyNotNow("map", current()),
	};
}

function askCancel(context: ScreenContext, map: NetworkMap): void {
	context.open({
		to: "confirm",
		question: {
			title: `Cancel “${map.title}”?`,
			effect: [
				`${plural(map.addresses - map.settled, "address is", "addresses are")} not done yet and will not be looked at.`,
				"What was found is kept. A cancelled map cannot be resumed; p pauses instead.",
			],
			yes: "Cancel the map",
			no: "Let it run",
			run() {
				context.client
					.call(maps.cancel, { map: map.id })
					.then(() => context.toast("good", `Cancelled “${map.title}”. What was found is kept.`), context.fail);
			},
		},
	});
}

/** What a field of a form takes. Characters. */
const mostTyped = 4_000;

interface HostActions {
	readonly approve: Handler;
	readonly unapprove: Handler;
	readonly inventory: Handler;
	readonly "scan-hosts": Handler;
}

/** About the hosts of one map; `done` is called when something has changed. */
export function hostActions(
	context: ScreenContext,
	parts: {
		readonly map: number;
		/** Those that are here. */
		hosts(): readonly MapHost[];
		/** All of them, once they have been read. */
		take(verb: string, run: (hosts: readonly MapHost[]) => void): void;
		done(): void;
	},
): HostActions {
	const none = () => (parts.hosts().length === 0 ? "There is no host here." : undefined);
	const act =
		(verb: string, run: (hosts: readonly MapHost[], addresses: string[]) => void): Handler["run"] =>
		() =>
			parts.take(verb, (hosts) =>
				run(
					hosts,
					hosts.map(({ address }) => address),
				),
			);
	const changeApproved = (mode: "add" | "remove") =>
		act(mode === "add" ? "Approve" : "Take back the approval of", (hosts, addresses) => {
			context.client.call(maps.approve, { map: parts.map, addresses, mode }).then(({ domain, approved }) => {
				const verb = mode === "add" ? "Approved" : "Took the approval back of";
				const changed = hosts
					.filter(({ flags }) => flags.approved === (mode === "remove"))
					.map(({ address }) => address);
				const opposite = mode === "add" ? "remove" : "add";
				context.offerUndo(
					reversible(`${verb} ${hostWords(hosts)}; ${count(approved)} approved in ${domain}`, {
						again: () => context.client.call(maps.approve, { map: parts.map, addresses: changed, mode }),
						back: () => context.client.call(maps.approve, { map: parts.map, addresses: changed, mode: opposite }),
						done: parts.done,
					}),
				);
				parts.done();
			}, context.fail);
		});
	return {
		approve: {
			run: changeApproved("add"),
			disabled: () =>
				none() ??
				(parts.hosts().every(({ flags }) => flags.approved)
					? `It is approved already; ${keyOf("map", "unapprove")} takes it back.`
					: undefined),
		},
		unapprove: {
			run: changeApproved("remove"),
			disabled: () => none() ?? (parts.hosts().some(({ flags }) => flags.approved) ? undefined : "It is not approved."),
		},
		inventory: {
			run: act("Add to the inventory", (_, addresses) => {
				context.client.call(maps.addToInventory, { map: parts.map, addresses }).then(({ added, known }) => {
					const before = known === 0 ? "" : `; ${plural(known, "host was", "hosts were")} in it already`;
					context.toast("good", `${plural(added, "host")} added to the inventory${before}.`);
					parts.done();
				}, context.fail);
			}),
			disabled: () =>
				none() ?? (parts.hosts().every(({ flags }) => flags.scannable) ? "It is in the inventory already." : undefined),
		},
		"scan-hosts": {
			run: act("Scan", (hosts) => {
				const inside = hosts.filter(({ flags }) => flags.netblock).map(({ address }) => address);
				const targets = inside.join(" ");
				if (targets.length <= mostTyped) context.open({ to: "new-scan", targets });
				else askScan(context, inside, `Hosts of map ${parts.map}`);
			}),
			disabled: () =>
				none() ??
				(parts.hosts().some(({ flags }) => flags.netblock)
					? undefined
					: "It lies outside the netblock of the map; scan it from New scan if you may."),
		},
	};
}

/** More than fits a field of the form that starts a scan. */
function askScan(context: ScreenContext, targets: readonly string[], title: string): void {
	context.open({
		to: "confirm",
		question: {
			title: `Scan ${plural(targets.length, "host")}?`,
			effect: ["They are scanned with the profile Initial; mark fewer to choose another one."],
			yes: "Scan them",
			no: "Not now",
			run: () => startScan(context, targets, title),
		},
	});
}

/** The map before this one of the same domain, to compare with; undefined when it is the first. */
export function mapBefore(all: readonly NetworkMap[], map: NetworkMap): NetworkMap | undefined {
	return all.find((one) => one.domain === map.domain && one.id < map.id && one.status === "finished");
}

/** Compares with an older map of the domain, chosen when there are several. */
export function compareHandler(context: ScreenContext, current: () => NetworkMap | undefined): Handler {
	const older = (map: NetworkMap) => context.maps().filter((one) => one.domain === map.domain && one.id < map.id);
	const label = (map: NetworkMap) => `${map.id}  ${map.createdAt.slice(0, 16).replace("T", " ")}  ${map.title}`;
	return {
		run() {
			const map = current();
			const all = map ? older(map) : [];
			const [only] = all;
			if (!map || !only) return;
			if (all.length === 1) {
				context.open({ to: "map-compare", before: only.id, after: map.id });
				return;
			}
			context.open({
				to: "form",
				form: {
					title: `Compare “${map.title}” with`,
					verb: "compares",
					fields: [
						{
							name: "before",
							label: "Older map",
							value: label(only),
							choices: all.map(label),
							hint: "of the same domain, newest first",
						},
					],
					async submit({ before }) {
						const chosen = all.find((one) => label(one) === before) ?? only;
						return { to: "map-compare", before: chosen.id, after: map.id };
					},
				},
			});
		},
		disabled() {
			const map = current();
			if (!map) return "There is no map here.";
			return older(map).length > 0 ? undefined : `There is no older map of ${map.domain} to compare with.`;
		},
	};
}
