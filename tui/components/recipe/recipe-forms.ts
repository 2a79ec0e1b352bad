/** The dialogs that start a recipe, let it go on and cancel it. */

import { hosts } from "../../../protocol/methods/maps.ts";
import * as recipes from "../../../protocol/methods/recipes.ts";
import type { Recipe, RecipeRequest } from "../../../protocol/model/recipe.ts";
import type { FormField, ScreenContext } from "../../screens/view.ts";
import { plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";

const field = (name: string, label: string, value: string, hint: string): FormField => ({ name, label, value, hint });
const words = (text: string) => text.split(/[\s,;]+/).filter((word) => word !== "");

const networkField = field("network", "Network", "", "where the addresses are; empty: the groups', else default");
const whenField = field("when", "When", "", "empty: now; else by cron, Mondays at three: 0 3 * * 1");
const stays = "stays";
const ends = "ends";
const inNetwork = (text: string) => (text.trim() === "" ? {} : { network: text.trim() });

export function openInventory(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Light inventory, then a full scan",
			verb: "starts",
			fields: [
				field("targets", "Targets", "", "192.0.2.0/24  group:Web"),
				field("tag", "Tag", "", "what the light scan finds carries it; made when there is none"),
				{
					...field("new", "Which", "all it finds", "or only what was not in the inventory before"),
					choices: ["all it finds", "what is new"],
				},
				field("light", "Light profile", "Light inventory", "option profile of the first scan"),
				field("full", "Full profile", "Initial", "option profile of the second"),
				networkField,
				whenField,
			],
			preview: () => ["The daemon sees it through: a light scan, the tag, then a scan of what carries it."],
			submit: ({ targets = "", tag = "", new: which = "", light = "", full = "", network = "", when = "" }) =>
				start(context, done, when, {
					...{ kind: "light-inventory", targets: words(targets), exclusions: [], tag },
					...{ onlyNew: which === "what is new", lightProfile: light, fullProfile: full },
					...inNetwork(network),
				}),
		},
	});
}

export function openSubnet(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Scan a new subnet",
			verb: "starts",
			fields: [
				field("netblock", "Netblock", "", "192.0.2.0/24  192.0.3.1-192.0.3.9"),
				field("domain", "Domain", "none", "whose names are looked for too; none for plain addresses"),
				{ ...field("approve", "Approval", "ask me", "of the hosts it finds"), choices: ["ask me", "all live hosts"] },
				field("profile", "Profile", "Initial", "of the scan; logins are those the credentials say"),
				{ ...field("tracking", "Track by", "IP", "afterwards, those that have a host name"), choices: ["IP", "DNS"] },
				networkField,
				whenField,
			],
			preview: () => ["The daemon maps it, waits for approval, adds the hosts to the inventory and scans them."],
			submit: ({ netblock = "", domain = "", approve = "", profile = "", tracking = "", network = "", when = "" }) =>
				start(context, done, when, {
					...{ kind: "new-subnet", netblock: words(netblock), domain, profile },
					...{ approve: approve === "ask me" ? "ask" : "live", tracking: tracking === "DNS" ? "DNS" : "IP" },
					...inNetwork(network),
				}),
		},
	});
}

async function start(
	context: ScreenContext,
	done: () => void,
	when: string,
	request: RecipeRequest,
): Promise<undefined> {
	if (when.trim() !== "") {
		const words = request.kind === "light-inventory" ? request.tag : request.netblock.join(" ");
		const name = `${request.kind === "light-inventory" ? "Inventory" : "Subnet"} ${words}`.slice(0, 100);
		const made = await context.client.call(recipes.schedule, { name, request, when: when.trim() });
		context.toast("good", `${made.name} begins by itself, next on ${made.nextAt.slice(0, 16).replace("T", " ")} UTC.`);
		done();
		return undefined;
	}
	const recipe = await context.client.call(recipes.start, { request });
	context.toast("good", `Recipe ${recipe.id} is under way; it goes on without this console.`);
	done();
	return undefined;
}

/** Those that begin by themselves, one of which may be told not to any more. */
export function openSchedules(context: ScreenContext, done: () => void): void {
	context.opens(
		context.client.call(recipes.schedules, {}).then(({ items }) => {
			const [first] = items;
			if (first === undefined) return;
			const told = (name: string) => items.find((one) => one.name === name) ?? first;
			context.open({
				to: "form",
				form: {
					title: "Recipes on a schedule",
					verb: "does that",
					fields: [
						{ ...field("name", "Recipe", first.name, "← → for the others"), choices: items.map(({ name }) => name) },
						// Whoever only came to look presses Enter without harm.
						{ ...field("then", "Schedule", stays, "or ended: what it began goes on"), choices: [stays, ends] },
					],
					preview({ name = "" }) {
						const { when, timeZone, nextAt, by, problem } = told(name);
						const next = `next on ${nextAt.slice(0, 16).replace("T", " ")} UTC, in the name of ${personName(by)}`;
						return [`${when}${timeZone === "" ? "" : ` ${timeZone}`}: ${next}`, problem ?? ""];
					},
					async submit({ name = "", then = stays }) {
						if (then !== ends) return undefined;
						const { deleted } = await context.client.call(recipes.unschedule, { name: told(name).name });
						context.toast("good", `${deleted.name} begins no more by itself.`);
						done();
						return undefined;
					},
				},
			});
		}),
	);
}

export function openGoOn(context: ScreenContext, recipe: Recipe, done: () => void): void {
	const goOn = (hosts: { addresses?: string[]; approved?: boolean }) =>
		context.client.call(recipes.goOn, { recipe: recipe.id, ...hosts }).then((next) => {
			context.toast("good", `Recipe ${next.id} is ${next.status}.`);
			done();
		});
	if (recipe.status === "failed") {
		goOn({}).catch(context.fail);
		return;
	}
	const ask = countApproved(context, recipe).then((approved) => {
		context.open({
			to: "form",
			form: {
				title: "Approve hosts and go on",
				verb: "goes on",
				fields:
					approved === 0
						? [field("hosts", "Hosts", "", "addresses; empty: every live host of the map")]
						: [
								field("hosts", "Hosts", "", "addresses to approve as well; empty: as chosen below"),
								{ ...field("which", "Else", already, "or every live host of its map"), choices: [already, others] },
							],
				preview: ({ which = others, hosts = "" }) => [
					which === already && words(hosts).length === 0
						? `It goes on with the ${plural(approved, "live host")} that ${approved === 1 ? "is" : "are"} approved; no more ${approved === 1 ? "is" : "are"}.`
						: words(hosts).length === 0
							? "Every live host is approved."
							: `These are approved${approved === 0 ? ", and no others" : ` beside the ${approved} that are already`}.`,
				],
				async submit({ which = others, hosts = "" }) {
					const addresses = words(hosts);
					await goOn(addresses.length > 0 ? { addresses } : which === already ? { approved: true } : {});
					return undefined;
				},
			},
		});
	});
	context.opens(ask);
}

const already = "those approved already";
const others = "every live host";

async function countApproved({ client }: ScreenContext, { steps }: Recipe): Promise<number> {
	const map = steps.find((step) => step.map !== null)?.map ?? null;
	if (map === null) return 0;
	return (await client.call(hosts, { map, filter: "flag:L and flag:N and flag:A", limit: 1 })).total;
}

export function openCancel(context: ScreenContext, recipe: Recipe, done: () => void): void {
	context.open({
		to: "confirm",
		question: {
			title: `Cancel recipe ${recipe.id}?`,
			effect: [
				`${recipe.title} ends, with the scan or map it is in. What is done stays done.`,
				"A cancelled recipe does not go on again.",
			],
			...{ yes: "Cancel it", no: "Let it go on" },
			run: () =>
				void context.client.call(recipes.cancel, { recipe: recipe.id }).then(() => {
					context.toast("good", `Recipe ${recipe.id} is cancelled.`);
					done();
				}, context.fail),
		},
	});
}
