/** `vedette access`: who may connect besides root and the daemon's own user, and what each may do. */
import type { Command } from "commander";
import { accessLevels } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as access from "../../protocol/methods/access.ts";
import type { AccessOverview, AccessToken, Operator } from "../../protocol/model/operator.ts";
import { parseUntil } from "../components/exclusion/parse-until.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import { keyColumns, registerAccessKeys } from "./access-keys.ts";
import { networkLines, registerAccessListen } from "./access-listen.ts";
import { askLine } from "./ask-line.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

interface Json {
	json?: boolean;
}

export const accessCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("access")
			.description("who may connect to this daemon besides root and its own user, and what each may do")
			.addHelpText("after", examples);
		command
			.command("list", { isDefault: true })
			.description("list operators and tokens, and where they connect")
			.option("--json", "one JSON document")
			.action((options: Json) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const overview = await client.call(access.list, {});
					if (options.json === true) ctx.print(jsonText(overview));
					else printOverview(ctx, overview);
				}),
			);
		command
			.command("grant <who> <level>")
			.description(`let unix:NAME or group:NAME in as ${accessLevels.join(", ")}; replaces what they had`)
			.option("--json", "one JSON document")
			.action((who: string, level: string, options: Json) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const done = await client.call(access.grant, { who: granteeOf(who), access: levelOf(level) });
					if (options.json === true) return ctx.print(jsonText(done));
					const { door } = await client.call(access.list, {});
					ctx.print(`${harmless(done.operator.who)} has ${done.operator.access} access from now on.`);
					for (const line of doorLines(door)) ctx.print(line);
				}),
			);
		command
			.command("revoke <who>")
			.description("take access away, at once: open connections are closed")
			.option("--json", "one JSON document")
			.action((who: string, options: Json) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const done = await client.call(access.revoke, { who: granteeOf(who) });
					if (options.json === true) ctx.print(jsonText(done));
					else ctx.print(`${harmless(done.revoked.who)} has no ${done.revoked.access} access any more.`);
				}),
			);
		registerTokens(command, run);
		registerAccessKeys(command, run);
		registerAccessListen(command, run);
		command
			.command("single-operator <on|off>")
			.description("let whoever asks for an exception approve it too; reports say so")
			.requiredOption("--reason <why>", "why; required")
			.option("--yes", "without being asked")
			.option("--json", "one JSON document")
			.action((word: string, options: Json & { reason: string; yes?: boolean }) =>
				run(async (ctx) => {
					if (word !== "on" && word !== "off") {
						throw new AppError("invalid", `"${word}" is neither on nor off.`, {
							hint: 'For example: vedette access single-operator on --reason "nobody else here until June"',
						});
					}
					if (word === "on" && options.yes !== true) await confirmSingle(ctx);
					const client = await ctx.connect({ start: true });
					const done = await client.call(access.setSingleOperator, { on: word === "on", reason: options.reason });
					if (options.json === true) ctx.print(jsonText(done));
					else if (word === "on") ctx.print("Single-operator mode is on: one may ask and decide. Reports print it.");
					else ctx.print("Single-operator mode is off: four eyes decide.");
				}),
			);
	},
};

const examples = `
Examples:
  vedette access grant unix:ana approve
  vedette access grant group:ops operate
  vedette access token create ci --access read --expires 90d
  VEDETTE_SOCKET=<socket> vedette          as an operator; vedette access says which socket`;

function registerTokens(command: Command, run: RunAction): void {
	const token = command.command("token").description("access tokens, for programs and for consoles from elsewhere");
	token
		.command("list", { isDefault: true })
		.description("list the tokens, never their secrets")
		.option("--json", "one JSON document")
		.action((options: Json) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { tokens: items } = await client.call(access.list, {});
				const empty = "There is no token. To make one: vedette access token create <name> --access read";
				printList(ctx, { items, total: items.length }, { json: options.json, columns: tokenColumns, empty });
			}),
		);
	token
		.command("create <name>")
		.description("make a token; its secret is shown this once. Used as VEDETTE_TOKEN=<secret> vedette …")
		.option("--access <level>", accessLevels.join(", "), "read")
		.option("--expires <when>", "30d, 8w, or a day; at most 400 days", "90d")
		.option(
			"--for <who>",
			"unix:NAME: its connections count as theirs, with no more than they may do; person:NAME: somebody without an account here",
		)
		.option("--json", "one JSON document")
		.action((name: string, options: Json & { access: string; expires: string; for?: string }) =>
			run(async (ctx) => {
				const owner = options.for === undefined ? {} : { owner: granteeOf(options.for) };
				const expiresAt = parseUntil(options.expires, Date.now());
				const client = await ctx.connect({ start: true });
				const made = await client.call(access.createToken, {
					...{ name, access: levelOf(options.access), expiresAt, ...owner },
				});
				if (options.json === true) return ctx.print(jsonText(made));
				ctx.stderr.write(
					`Token "${made.token.name}": ${made.token.access} access until ${made.token.expiresAt}. Its secret, shown this once:\n`,
				);
				ctx.print(made.secret);
			}),
		);
	token
		.command("revoke <name>")
		.description("end a token at once")
		.option("--json", "one JSON document")
		.action((name: string, options: Json) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const done = await client.call(access.revokeToken, { name });
				if (options.json === true) ctx.print(jsonText(done));
				else ctx.print(`The token "${harmless(name)}" holds no more.`);
			}),
		);
}

function printOverview(
	ctx: CommandContext,
	{ you, operators, tokens, keys, singleOperator, door, network }: AccessOverview,
): void {
	ctx.print(
		`You are ${personName(you.user)} with ${you.access} access. Root and the daemon's own user are always admin.`,
	);
	for (const line of [...doorLines(door), ...networkLines(network)]) ctx.print(line);
	if (singleOperator !== null) {
		const { since, by, reason } = singleOperator;
		ctx.print(`Single-operator mode is on since ${since.slice(0, 10)}, by ${personName(by)}: ${harmless(reason)}`);
	}
	ctx.print("");
	const empty = "Nobody else was granted access. To let somebody in: vedette access grant unix:NAME read";
	printList(ctx, { items: operators, total: operators.length }, { columns: operatorColumns, empty });
	if (tokens.length > 0) ctx.print("");
	if (tokens.length > 0) printList(ctx, { items: tokens, total: tokens.length }, { columns: tokenColumns, empty: "" });
	if (keys.length > 0) ctx.print("");
	if (keys.length > 0) printList(ctx, { items: keys, total: keys.length }, { columns: keyColumns, empty: "" });
}

function doorLines({ path, opensTo, problem }: AccessOverview["door"]): string[] {
	if (problem !== null) return [harmless(`The socket for others could not be opened: ${problem}.`)];
	if (opensTo === "nobody") return [];
	const reach = {
		group: "that group can reach it",
		everybody: "every local user can reach it, and only those listed are let in",
	}[opensTo];
	return [`They connect with: VEDETTE_SOCKET=${harmless(path)} vedette   (${reach})`];
}

/** `ana` is the user ana. */
function granteeOf(word: string): string {
	return word.includes(":") ? word : `unix:${word}`;
}

function levelOf(word: string): (typeof accessLevels)[number] {
	const level = accessLevels.find((one) => one === word);
	if (level !== undefined) return level;
	throw new AppError("invalid", `"${word}" is no access level.`, {
		hint: `They are ${accessLevels.join(", ")}; each includes those before it.`,
	});
}

async function confirmSingle(ctx: CommandContext): Promise<void> {
	if (ctx.stdin.isTTY !== true) {
		throw new AppError("invalid", "Nobody is there to say yes.", { hint: "If you mean it: add --yes" });
	}
	const answer = await askLine(
		ctx,
		"Whoever asks for an exception can then approve it alone. It is logged, shown, and printed in reports. Switch it on? [y/N] ",
	);
	if (!/^y(es)?$/i.test(answer.trim())) throw new AppError("cancelled", "Nothing was changed.");
}

const operatorColumns: Column<Operator>[] = [
	{ title: "WHO", value: (one) => one.who, max: 40 },
	{ title: "NUMBER", value: (one) => one.id, align: "right" },
	{ title: "ACCESS", value: (one) => one.access },
	{ title: "SINCE", value: (one) => one.grantedAt.slice(0, 16).replace("T", " ") },
	{ title: "BY", value: (one) => personName(one.grantedBy), max: 20 },
];

const tokenColumns: Column<AccessToken>[] = [
	{ title: "TOKEN", value: (one) => one.name, max: 50 },
	{ title: "ACCESS", value: (one) => one.access },
	{ title: "STATE", value: (one) => one.state },
	{ title: "STANDS FOR", value: (one) => personName(one.owner ?? `token:${one.name}`), max: 40 },
	{ title: "UNTIL", value: (one) => one.expiresAt.slice(0, 16).replace("T", " ") },
	{ title: "BY", value: (one) => personName(one.createdBy), max: 20 },
];
