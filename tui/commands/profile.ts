/** `vedette profile`: option profiles, listed, shown, cloned, edited and deleted. */
import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as profiles from "../../protocol/methods/profiles.ts";
import { type Profile, type ProfileOptions, portsText, udpPortsText } from "../../protocol/model/profile.ts";
import { age } from "../text/format.ts";
import { harmless, harmlessLines } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { editText } from "./edit-text.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { applySettings, optionsDocument, readOptionsDocument } from "./profile-options.ts";

interface EditOptions {
	set?: string[];
	file?: string;
	json?: boolean;
}

const collect = (value: string, all: string[] = []) => [...all, value];
const setHelp = "a setting, e.g. ports.set=full or performance.ratePerSecond=500; may be repeated";

export const profileCommand: CommandFile = {
	register(program, run) {
		const command = program.command("profile").description("option profiles: how a scan goes about its targets");
		command
			.command("list", { isDefault: true })
			.description("list the option profiles")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const page = await (await ctx.connect({ start: true })).call(profiles.list, {});
					printList(ctx, page, { json: options.json, columns: columns(Date.now()), empty: "No profiles." });
				}),
			);
		command
			.command("show <name> [version]")
			.description("one profile in full, the newest version unless one is named")
			.option("--json", "one JSON document")
			.action((name: string, version: string | undefined, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const wanted = version === undefined ? {} : { version: parseVersion(version) };
					const found = await client.call(profiles.get, { name, ...wanted });
					if (options.json === true) ctx.print(jsonText(found));
					else ctx.print(described(found.profile, found.versions.length).join("\n"));
				}),
			);
		command
			.command("clone <from> <name>")
			.description("make a profile of your own from another one")
			.option("--set <setting>", setHelp, collect)
			.option("--json", "one JSON document")
			.action((from: string, name: string, options: EditOptions) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { profile: source } = await client.call(profiles.get, { name: from });
					const changed = options.set === undefined ? {} : { options: applySettings(source, options.set) };
					const made = await client.call(profiles.clone, { from, name, ...changed });
					say(
						ctx,
						options,
						made,
						`"${made.name}" is made from "${source.name}"; scan with it: --profile "${made.name}"`,
					);
				}),
			);
		command
			.command("edit <name>")
			.description("make a new version of a profile, in $EDITOR unless --set or --file is given")
			.option("--set <setting>", setHelp, collect)
			.option("--file <path>", "YAML with all the options, as the editor shows it; - for standard input")
			.option("--json", "one JSON document")
			.action((name: string, options: EditOptions) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { profile } = await client.call(profiles.get, { name });
					if (profile.builtIn) throw builtIn(profile);
					const edited = await edit(ctx, client, profile, options);
					const text =
						edited === profile
							? `Nothing was changed: "${profile.name}" stays at version ${profile.version}.`
							: `"${edited.name}" is at version ${edited.version} now.`;
					say(ctx, options, edited, text);
				}),
			);
		command
			.command("delete <name>")
			.description("delete a profile; scans that used it keep its versions")
			.option("--json", "one JSON document")
			.action((name: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const gone = await (await ctx.connect({ start: true })).call(profiles.remove, { name });
					ctx.print(options.json === true ? jsonText(gone) : `"${harmless(gone.deleted)}" is deleted.`);
				}),
			);
	},
};

async function edit(
	ctx: CommandContext,
	client: Client,
	profile: Profile,
	{ set, file }: EditOptions,
): Promise<Profile> {
	if (set !== undefined) return save(client, profile, applySettings(profile, set));
	if (file !== undefined) return save(client, profile, readOptionsDocument(readText(file)));
	const before = optionsDocument(profile);
	const edited = await editText(ctx, "profile.yaml", before);
	let saved: Profile;
	try {
		saved = edited.text === before ? profile : await save(client, profile, readOptionsDocument(edited.text));
	} catch (err) {
		if (!(err instanceof AppError)) throw err;
		const again = `Your text is kept. Mend it, then: vedette profile edit ${JSON.stringify(profile.name)} --file ${edited.path}`;
		throw new AppError(err.code, err.message, { hint: err.hint === undefined ? again : `${err.hint}\n${again}` });
	}
	edited.discard();
	return saved;
}

/** The profile as it was when there is nothing to change: no version without a difference. */
async function save(client: Client, profile: Profile, options: ProfileOptions): Promise<Profile> {
	if (stringify(options) === stringify(profile.options)) return profile;
	return client.call(profiles.edit, { name: profile.name, version: profile.version, options });
}

function readText(path: string): string {
	try {
		return readFileSync(path === "-" ? 0 : path, "utf8");
	} catch (cause) {
		throw new AppError("invalid", `${path} cannot be read.`, { hint: "Check the path and its permissions.", cause });
	}
}

function say(ctx: CommandContext, options: { json?: boolean }, profile: Profile, text: string): void {
	ctx.print(options.json === true ? jsonText(profile) : harmless(text));
}

function builtIn({ name }: Profile): AppError {
	return new AppError("conflict", `"${name}" is built in and cannot be edited.`, {
		hint: `Clone it: vedette profile clone "${name}" "My ${name}"`,
	});
}

function parseVersion(text: string): number {
	const version = Number(text);
	if (Number.isSafeInteger(version) && version > 0) return version;
	throw new AppError("invalid", `"${text}" is not a version: they are numbers from 1 on.`);
}

function columns(now: number): Column<Profile>[] {
	const limit = (minutes: number | null) => (minutes === null ? null : `${minutes} min`);
	return [
		{ title: "NAME", value: (one) => one.name, max: 30 },
		{ title: "VERSION", value: (one) => one.version, align: "right" },
		{ title: "PORTS", value: (one) => portsText(one.options.ports), max: 24 },
		{ title: "UDP", value: (one) => udpPortsText(one.options.udp), max: 24 },
		{ title: "PACE", value: (one) => one.options.performance.level },
		{ title: "RATE/S", value: (one) => one.limits.ratePerSecond, align: "right" },
		{ title: "A HOST", value: (one) => limit(one.options.maxMinutesPerHost), align: "right" },
		{ title: "A SCAN", value: (one) => limit(one.options.maxMinutesPerScan), align: "right" },
		{ title: "EDITED", value: (one) => (one.builtIn ? "built in" : age(one.editedAt, now)), align: "right" },
		{ title: "DESCRIPTION", value: (one) => one.options.description, max: 60 },
	];
}

function described(profile: Profile, versions: number): string[] {
	const { name, version, editedAt, editedBy, options, limits } = profile;
	const origin = profile.builtIn
		? "built in"
		: `edited ${editedAt ?? "at an unknown time"} by ${personName(editedBy ?? "unknown")}`;
	const shown = { ...options, performance: { level: options.performance.level, ...limits } };
	return [
		`${harmless(name)}, version ${version}${versions > 1 ? ` of ${versions}` : ""}, ${harmless(origin)}`,
		"",
		...harmlessLines(stringify(shown).trimEnd()),
	];
}
