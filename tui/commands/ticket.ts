/** `vedette ticket`: who mends what by when. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import type { Ticket, TicketChange, TicketChoice } from "../../protocol/model/ticket.ts";
import { endOfDay } from "../components/exclusion/parse-until.ts";
import { refuseStrangers } from "../connect/who-is-meant.ts";
import { exactly } from "../text/filter-terms.ts";
import { plural } from "../text/format.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { listWish, viewOption, type WishOptions } from "./list-wish.ts";
import { readPages } from "./pages.ts";
import { jsonText, printList, wantsColour } from "./print.ts";
import { registerTicketSettings } from "./ticket-settings.ts";
import { describeTicket, describeTicketPreview, ticketColumns } from "./ticket-text.ts";
import { wholeNumber } from "./whole-number.ts";

export const ticketCommand: CommandFile = {
	register(program, run) {
		const command = program.command("ticket").description("tickets: who is to mend which finding, and by when");
		registerReports(command, run);
		registerChanges(command, run);
		registerOpen(command, run);
		registerTicketSettings(command, run);
	},
};

interface ListOptions extends WishOptions {
	mine?: boolean;
	overdue?: boolean;
	all?: boolean;
	json?: boolean;
}

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list [query]", { isDefault: true })
		.description('list open tickets by due date, e.g. vedette ticket list "severity>=4 and tag:pci" --overdue')
		.option("--mine", "those assigned to me")
		.option("--overdue", "those whose day has passed")
		.option("--all", "closed ones too")
		.option("--sort <field>", "-field for descending, several with commas")
		.option(...viewOption)
		.option("--limit <n>", "rows at most", "100")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: ListOptions) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const me = options.mine === true ? (await client.call(tickets.counts, {})).who : null;
				const page = await readPages<Ticket>(client, tickets.list, {
					...(await listWish(client, "tickets", filterOf(query, options, me), options)),
				});
				printList(ctx, page, {
					...{ json: options.json, columns: ticketColumns(wantsColour(ctx.stdout, ctx.env)) },
					empty: "No ticket matches. Rules make them: vedette policy; by hand: vedette ticket open QUERY",
				});
			}),
		);
	command
		.command("show <ticket>")
		.description("one ticket with its history and comments")
		.option("--json", "one JSON document")
		.action((id: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const found = await client.call(tickets.get, { id: numberOf(id) });
				if (options.json === true) ctx.print(jsonText(found));
				else for (const line of describeTicket(found.ticket, found.events)) ctx.print(line);
			}),
		);
}

function filterOf(query: string | undefined, { overdue, all }: ListOptions, me: string | null): string {
	const terms = [
		...(me === null ? [] : [`assignee:${exactly(personName(me))}`]),
		...(overdue === true ? ["overdue:true"] : []),
		...(all === true ? ["state:[OPEN, RESOLVED, FIXED, IGNORED]"] : []),
	];
	if (query === undefined || query.trim() === "") return terms.join(" and ");
	// Positions in what is wrong with a query are those of what was typed.
	return terms.length === 0 ? query : `(${query}) and ${terms.join(" and ")}`;
}

interface ChangeOptions {
	anyone?: boolean;
	reason?: string;
	days?: string;
	nobody?: boolean;
	none?: boolean;
	asBefore?: boolean;
	keepDue?: boolean;
	yes?: boolean;
	json?: boolean;
}

/** `what`: what would become of them, a verb; `done`: what has. */
interface Verb {
	readonly what: string;
	readonly done: string;
}

const which = "tickets by number, as 12,13, or a query over tickets; several need --yes";

function registerChanges(command: Command, run: RunAction): void {
	const verb = (usage: string, description: string) =>
		command
			.command(usage)
			.description(`${description}; ${which}`)
			.option("--reason <text>", "why, for its history and the audit log")
			.option("--yes", "also when it is more than one")
			.option("--json", "one JSON document");
	const act = (some: string, change: TicketChange, options: ChangeOptions, words: Verb) =>
		run((ctx) => changeSome(ctx, some, change, options, words));
	verb("assign <tickets> [who]", "give tickets to somebody, e.g. vedette ticket assign 12 ana")
		.option("--nobody", "to nobody")
		.option("--anyone", anyoneHelp)
		.action((some: string, who: string | undefined, options: ChangeOptions) => {
			if ((who === undefined) === (options.nobody !== true)) throw usage("Say who gets it, or --nobody.");
			const assignee = who ?? null;
			const to = `assigned to ${assignee ?? "nobody"}`;
			return act(some, { kind: "assign", assignee }, options, { what: `be ${to}`, done: to });
		});
	verb("due <tickets> [day]", "set the day by which they are to be resolved, as 2027-01-31")
		.option("--none", "no day")
		.option("--as-before", "the day they had before somebody set one")
		.action((some: string, day: string | undefined, options: ChangeOptions) => {
			const said = [day !== undefined, options.none === true, options.asBefore === true].filter(Boolean);
			if (said.length !== 1) throw usage("Say the day, as 2027-01-31, or --none, or --as-before.");
			if (options.asBefore === true) {
				const words = { what: "be due as before", done: "due as before somebody set a day" };
				return act(some, { kind: "undate" }, options, words);
			}
			const due = day === undefined ? null : endOf(day);
			const words = due === null ? "have no due date" : `be due on ${due.slice(0, 10)}`;
			return act(some, { kind: "due", due }, options, { what: words, done: words.replace(/^be /, "") });
		});
	verb("resolve <tickets>", "say that they are mended; the next scan says whether they are").action(
		(some: string, options: ChangeOptions) =>
			act(some, { kind: "resolve" }, options, { what: "be resolved", done: "resolved" }),
	);
	verb("reopen <tickets>", "open resolved ones again, and ignored ones, whose findings then count again")
		.option("--keep-due", "what was ignored is due when it was, not counted from now")
		.action((some: string, options: ChangeOptions) => {
			const change: TicketChange = { kind: "reopen", ...(options.keepDue === true ? { keepDue: true } : {}) };
			return act(some, change, options, { what: "be reopened", done: "reopened" });
		});
	verb("unmake <tickets>", "take back that you made them, where nobody else and no scan has touched them since").action(
		(some: string, options: ChangeOptions) =>
			act(some, { kind: "unmake" }, options, { what: "be gone", done: "taken back" }),
	);
	verb("ignore <tickets>", "close them as ignored: their findings are in no count any more (needs --reason)")
		.option("--days <n>", "they are reopened by themselves then")
		.action((some: string, options: ChangeOptions) => {
			const days = options.days === undefined ? null : numberOf(options.days);
			return act(some, { kind: "ignore", days }, options, { what: "be ignored", done: "ignored" });
		});
	verb("comment <tickets> <text>", "say something on them").action(
		(some: string, text: string, options: ChangeOptions) =>
			act(some, { kind: "comment" }, { ...options, reason: text }, { what: "get the comment", done: "commented" }),
	);
}

async function changeSome(
	ctx: CommandContext,
	some: string,
	change: TicketChange,
	options: ChangeOptions,
	{ what, done }: Verb,
): Promise<void> {
	const client = await ctx.connect({ start: true });
	if (change.kind === "assign" && options.anyone !== true) await refuseStrangers(client, change.assignee, insist);
	const choice = choiceOf(some);
	const preview = await client.call(tickets.preview, { ...choice, change });
	const lines = describeTicketPreview(preview, what);
	const isOne = choice.ids?.length === 1;
	if (preview.tickets > 0 && !isOne && options.yes !== true) {
		if (options.json === true) ctx.print(jsonText(preview));
		else for (const line of [...lines, "Nothing was changed. To do it: the same with --yes"]) ctx.print(line);
		return;
	}
	if (preview.tickets === 0) {
		throw new AppError("conflict", lines.slice(1).join(" ") || "No ticket matches: nothing was changed.", {
			hint: "See them with: vedette ticket list --all",
		});
	}
	const text = options.reason ?? "";
	const outcome = await client.call(tickets.change, { ...choice, change, digest: preview.digest, text });
	if (options.json === true) ctx.print(jsonText(outcome));
	else for (const line of [`${plural(outcome.changed, "ticket")} ${done}.`, ...lines.filter(isLeft)]) ctx.print(line);
}

const isLeft = (line: string) => line.includes(" left as ");

interface OpenOptions {
	assign?: string;
	anyone?: boolean;
	days?: string;
	reason?: string;
	yes?: boolean;
	json?: boolean;
}

function registerOpen(command: Command, run: RunAction): void {
	command
		.command("open <findings>")
		.description(
			'make tickets by hand for findings without one: by number, or a query over findings, e.g. vedette ticket open "qid:105006" --assign ana --yes',
		)
		.option("--assign <who>", "who gets them")
		.option("--anyone", anyoneHelp)
		.option("--days <n>", "days to resolve (default: by the table of severity and criticality)")
		.option("--reason <text>", "for their history and the audit log")
		.option("--yes", "also when it is more than one")
		.option("--json", "one JSON document")
		.action((some: string, options: OpenOptions) => run((ctx) => openSome(ctx, some, options)));
}

async function openSome(ctx: CommandContext, some: string, options: OpenOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	if (options.anyone !== true) await refuseStrangers(client, options.assign ?? null, insist);
	const choice = choiceOf(some);
	const { findings, assets } = await client.call(tickets.ticketless, choice);
	if (findings === 0) {
		throw new AppError("conflict", "No open finding without a ticket matches.", { hint: "See: vedette findings" });
	}
	if (findings > 1 && options.yes !== true) {
		if (options.json === true) ctx.print(jsonText({ findings, assets }));
		else {
			ctx.print(`${plural(findings, "finding")} on ${plural(assets, "asset")} would get a ticket.`);
			ctx.print("Nothing was changed. To do it: the same with --yes");
		}
		return;
	}
	const made = await client.call(tickets.create, {
		...{ ...choice, expected: findings, text: options.reason ?? "", assignee: options.assign ?? null },
		days: options.days === undefined ? null : numberOf(options.days),
	});
	if (options.json === true) ctx.print(jsonText(made));
	else
		ctx.print(
			`${plural(made.created, "ticket")} made: ${made.tickets.slice(0, 10).join(", ")}${made.created > 10 ? ", …" : ""}`,
		);
}

const anyoneHelp = "also a name that nobody here has, a team's for example";
const insist = "To keep the name as it is, a team's for example: the same with --anyone";

/** Numbers, or a query. */
function choiceOf(some: string): TicketChoice {
	if (!/^\s*\d+(\s*,\s*\d+)*\s*$/.test(some)) return { filter: some };
	return { ids: some.split(",").map(numberOf) };
}

function endOf(day: string): string {
	const end = endOfDay(day);
	if (end === null) throw usage(`"${day}" is no day. Write it as 2027-01-31.`);
	return end;
}

const numberOf = (text: string) => wholeNumber(text, "For an example: vedette ticket --help");

function usage(message: string): AppError {
	return new AppError("invalid", message, { hint: "For an example: vedette ticket --help" });
}
