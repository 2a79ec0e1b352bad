/** `vedette recipe`: several steps of ordinary work that the daemon sees through, one after the other. */
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as recipes from "../../protocol/methods/recipes.ts";
import type { Recipe, RecipeRequest, RecipeStep } from "../../protocol/model/recipe.ts";
import { age } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { Interrupted } from "./outcome.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { registerSchedules, scheduleRecipe } from "./recipe-schedules.ts";
import { readTargetWords, requestTexts } from "./target-words.ts";

interface StartOptions {
	exclude?: string[];
	tag?: string;
	new?: boolean;
	light?: string;
	full?: string;
	domain?: string;
	approveAll?: boolean;
	profile?: string;
	track?: string;
	network?: string;
	at?: string;
	timeZone?: string;
	name?: string;
	yes?: boolean;
	detach?: boolean;
	json?: boolean;
}

export const recipeCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("recipe")
			.description("several steps seen through by the daemon: a new subnet, a light inventory and a full scan of it");
		registerStarts(command, run);
		registerReports(command, run);
		registerDecisions(command, run);
		registerSchedules(command, run);
	},
};

function registerStarts(command: Command, run: RunAction): void {
	const common = (one: Command) =>
		one
			.option("--network <name>", "the network all of it is in (default: that of the asset groups named, else default)")
			.option("--yes", "also when a scan is larger than is done without asking")
			.option("--detach", "do not wait for it")
			.option("--at <times>", 'not now, but by itself at these times, as cron has them: "0 3 * * 1", @daily')
			.option("--time-zone <zone>", "with --at: whose clock, such as Europe/Berlin (default: the machine's)")
			.option("--name <name>", "with --at: what the schedule is called (default: what the recipe does)")
			.option("--json", "one JSON document, when it ends or waits");
	common(command.command("inventory <target...>"))
		.description("a light scan, a tag on what it finds, then a full scan of that tag")
		.requiredOption("--tag <name>", "a static tag, made when there is none")
		.option("--new", "tag only what was not in the inventory before")
		.option("--light <profile>", "profile of the light scan", "Light inventory")
		.option("--full <profile>", "profile of the full scan", "Initial")
		.option("--exclude <target>", "leave out; may be repeated", collect)
		.action((words: string[], options: StartOptions) =>
			run(async (ctx) => {
				const read = await readTargetWords(ctx, words);
				const client = await ctx.connect({ start: true });
				await start(ctx, client, options, {
					...{ kind: "light-inventory", targets: await requestTexts(client, read), tag: options.tag ?? "" },
					...{ onlyNew: options.new === true, exclusions: options.exclude ?? [] },
					...{ lightProfile: options.light ?? "Light inventory", fullProfile: options.full ?? "Initial" },
					...(options.network === undefined ? {} : { network: options.network }),
				});
			}),
		);
	common(command.command("subnet <netblock...>"))
		.description("map a netblock, approve its hosts, add them to the inventory, scan them with logins, set tracking")
		.option("--domain <name>", "map this domain's names too", "none")
		.option("--approve-all", "approve every live host without asking")
		.option("--profile <name>", "profile of the scan", "Initial")
		.option("--track <method>", "ip, or dns: track hosts that have a host name by it", "ip")
		.action((netblock: string[], options: StartOptions) =>
			run(async (ctx) => {
				const tracking = trackingOf(options.track ?? "ip");
				const client = await ctx.connect({ start: true });
				await start(ctx, client, options, {
					...{ kind: "new-subnet", netblock, domain: options.domain ?? "none", tracking },
					...{ approve: options.approveAll === true ? "live" : "ask", profile: options.profile ?? "Initial" },
					...(options.network === undefined ? {} : { network: options.network }),
				});
			}),
		);
}

async function start(
	ctx: CommandContext,
	client: Client,
	options: StartOptions,
	request: RecipeRequest,
): Promise<void> {
	if (options.at !== undefined) {
		await scheduleRecipe(ctx, client, { ...options, at: options.at }, request);
		return;
	}
	const begun = await client.call(recipes.start, { request, confirm: options.yes === true });
	const recipe = options.detach === true ? begun : await follow(ctx, client, begun, options.json !== true);
	tell(ctx, recipe, options.json);
}

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list [query]", { isDefault: true })
		.description("list recipes, newest first")
		.option("--limit <n>", "rows at most", "50")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const limit = parseLimit(options.limit);
				const page = await readPages<Recipe>(client, recipes.list, { filter: query ?? "", limit });
				printList(ctx, page, {
					...{ json: options.json, columns: columns(Date.now()) },
					empty: "No recipe was started. Try: vedette recipe subnet 127.0.0.0/28",
				});
			}),
		);
	command
		.command("show <recipe>")
		.description("its steps, and how each stands")
		.option("--json", "one JSON document")
		.action((id: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const recipe = await client.call(recipes.get, { recipe: number(id) });
				if (options.json === true) ctx.print(jsonText(recipe));
				else for (const line of describeRecipe(recipe)) ctx.print(line);
			}),
		);
}

function registerDecisions(command: Command, run: RunAction): void {
	command
		.command("go-on <recipe>")
		.description("approve every live host it waits for, or those named; or try the step that failed once more")
		.option("--hosts <addresses>", "approve only these, separated by commas")
		.option("--approved", "approve no more, and go on with those of its map that are approved already")
		.option("--detach", "do not wait for it")
		.option("--json", "one JSON document, when it ends or waits")
		.action((id: string, options: { hosts?: string; approved?: boolean; detach?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const addresses = options.hosts?.split(/[\s,]+/).filter((one) => one !== "");
				const begun = await client.call(recipes.goOn, {
					...{ recipe: number(id), ...(addresses === undefined ? {} : { addresses }) },
					approved: options.approved === true,
				});
				const recipe = options.detach === true ? begun : await follow(ctx, client, begun, options.json !== true);
				tell(ctx, recipe, options.json);
			}),
		);
	command
		.command("cancel <recipe>")
		.description("end it, with the scan or map it is in; what is done stays done")
		.option("--json", "one JSON document")
		.action((id: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const recipe = await client.call(recipes.cancel, { recipe: number(id) });
				if (options.json === true) ctx.print(jsonText(recipe));
				else ctx.print(`Recipe ${recipe.id} is ${recipe.status}.`);
			}),
		);
}

/** Until it ends, fails or waits for somebody; each step is told as it changes. Ctrl-C ends the waiting, not the recipe. */
async function follow(ctx: CommandContext, client: Client, begun: Recipe, speak: boolean): Promise<Recipe> {
	const told = new Map<string, string>();
	const say = ({ steps }: Recipe) => {
		for (const { name, state, text } of steps) {
			if (!speak || state === "pending" || told.get(name) === `${state} ${text}`) continue;
			// How far a scan is would be a line a second: once is enough.
			if (state === "running" && told.has(name)) continue;
			told.set(name, `${state} ${text}`);
			ctx.print(stepLine({ name, state, text }));
		}
	};
	say(begun);
	if (begun.status !== "running") return begun;
	const { promise, resolve, reject } = Promise.withResolvers<Recipe>();
	const stopListening = ctx.onInterrupt(() =>
		reject(
			new Interrupted(
				`Recipe ${begun.id} goes on in the daemon.`,
				`See it with: vedette recipe show ${begun.id}   Stop it with: vedette recipe cancel ${begun.id}`,
			),
		),
	);
	const look = () =>
		client.call(recipes.get, { recipe: begun.id }).then((recipe) => {
			say(recipe);
			if (recipe.status !== "running") resolve(recipe);
		}, reject);
	const subscription = client.subscribe(recipes.watch, {}, { onSnapshot: look, onEvent: look, onError: reject });
	return promise.finally(() => {
		stopListening();
		subscription.close();
	});
}

function tell(ctx: CommandContext, recipe: Recipe, json: boolean | undefined): void {
	if (json === true) ctx.print(jsonText(recipe));
	else for (const line of endLines(recipe)) ctx.print(line);
	if (recipe.status === "failed") ctx.exit(1);
}

function endLines({ id, status, steps }: Recipe): string[] {
	const map = steps.find((step) => step.map !== null)?.map;
	if (status === "running") return [`Recipe ${id} goes on in the daemon: vedette recipe show ${id}`];
	if (status === "failed") return [`Recipe ${id} failed. To try that step again: vedette recipe go-on ${id}`];
	if (status !== "waiting") return [`Recipe ${id} is ${status}: vedette recipe show ${id}`];
	return [
		`Recipe ${id} waits for you. See the hosts: vedette map show ${map}`,
		`Approve all that are live: vedette recipe go-on ${id}   Some: vedette recipe go-on ${id} --hosts ADDRESS,ADDRESS`,
		`Only those approved already (vedette map approve): vedette recipe go-on ${id} --approved`,
	];
}

function describeRecipe(recipe: Recipe): string[] {
	const { id, title, status, by, createdAt } = recipe;
	return [
		`Recipe ${id}: ${harmless(title)}`,
		`${status}, started ${createdAt.slice(0, 16).replace("T", " ")} UTC by ${harmless(personName(by))}`,
		...recipe.steps.map(stepLine),
		...endLines(recipe).filter(() => status === "waiting" || status === "failed"),
	];
}

const marks: Readonly<Record<RecipeStep["state"], string>> = {
	...{ pending: "·", running: "▸", waiting: "?", done: "✔", skipped: "–", failed: "✘" },
};

function stepLine({ name, state, text }: Pick<RecipeStep, "name" | "state" | "text">): string {
	return `  ${marks[state]} ${name.padEnd(10)} ${harmless(text)}`;
}

function trackingOf(text: string): "IP" | "DNS" {
	const word = text.toUpperCase();
	if (word === "IP" || word === "DNS") return word;
	throw new AppError("invalid", `--track ${text} is neither ip nor dns.`, { hint: "For example: --track dns" });
}

function number(text: string): number {
	const value = Number(text);
	if (Number.isSafeInteger(value) && value > 0) return value;
	throw new AppError("invalid", `"${text}" is no number of a recipe.`, { hint: "List them with: vedette recipe list" });
}

const collect = (value: string, all: string[] = []) => [...all, value];

const columns = (now: number): Column<Recipe>[] => [
	{ title: "ID", value: (row) => row.id, align: "right" },
	{ title: "AGE", value: (row) => age(row.createdAt, now), align: "right" },
	{ title: "STATUS", value: (row) => row.status },
	{ title: "RECIPE", value: (row) => row.title, max: 50 },
	{ title: "STEP", value: stepNow, max: 80 },
	{ title: "BY", value: (row) => personName(row.by), max: 24 },
];

function stepNow({ steps }: Recipe): string {
	const now = steps.find(({ state }) => state !== "done" && state !== "skipped") ?? steps.at(-1);
	return now === undefined ? "" : `${now.name}: ${now.text}`;
}
