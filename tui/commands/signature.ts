/** `vedette signature`: what is looked for, and for who writes one, whether its file is right. */
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import * as signatures from "../../protocol/methods/signatures.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import { wrap } from "../text/fit.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { exitCodes } from "./outcome.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, printList, severityLabel, wantsColour, widthOfTerminal } from "./print.ts";

export const signatureCommand: CommandFile = {
	register(program, run) {
		const command = program.command("signature").description("see what is looked for, or check a signature file");
		command
			.command("list")
			.description("list signatures")
			.argument("[query]", 'filter, e.g. "category:ssh and severity>=3" or cve:CVE-2023-48795')
			.option("--json", "one JSON document")
			.option("--limit <n>", "rows at most", "1000")
			.option("--sort <field>", "-field for descending, several with commas")
			.action((query: string | undefined, options: { json?: boolean; limit: string; sort?: string }) =>
				run(async (ctx) => {
					const limit = parseLimit(options.limit);
					const client = await ctx.connect({ start: false });
					const wanted = { filter: query ?? "", sort: options.sort, limit };
					printList(ctx, await readPages<Signature>(client, signatures.list, wanted), {
						json: options.json,
						columns: columns(wantsColour(ctx.stdout, ctx.env)),
						empty: "No signature matches that. See all with: vedette signature list",
					});
				}),
			);
		command
			.command("show")
			.description("say what one signature looks for, why it matters and what to do")
			.argument("<signature>", "id, QID or CVE")
			.option("--json", "one JSON document")
			.action((id: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const signature = await client.call(signatures.get, { id });
					const width = Math.min(widest, widthOfTerminal(ctx.stdout) ?? widest);
					ctx.print(options.json === true ? jsonText(signature) : describe(signature, width));
				}),
			);
		command
			.command("check")
			.description("check signature files: shape, expressions, examples")
			.argument("<file...>", "signatures/<category>/<name>.yaml")
			.option("--json", "one JSON document")
			.action((paths: string[], options: { json?: boolean }) =>
				run(async (ctx) => {
					const files = paths.map((path) => ({ path, text: readText(path) }));
					const client = await ctx.connect({ start: false });
					const items: { file: string; problems: string[] }[] = [];
					for (const { path, text } of files) {
						const { problems } = await client.call(signatures.check, { text, id: idOf(path) });
						items.push({ file: path, problems });
					}
					const bad = items.filter(({ problems }) => problems.length > 0).length;
					if (bad > 0) ctx.exit(exitCodes.failed);
					if (options.json === true) return ctx.print(jsonText({ items, total: items.length }));
					for (const { file, problems } of items)
						for (const problem of problems) ctx.print(harmless(`${file}: ${problem}`));
					ctx.print(
						bad === 0 ? `${plural(items.length, "file")} checked, all good.` : `${plural(bad, "file")} with problems.`,
					);
				}),
			);
	},
};

/** Largest file the daemon looks at. Bytes. */
const largest = 65_536;

/** Throws `invalid` for a file that cannot be read or is too large to be a signature. */
function readText(path: string): string {
	let fd: number | undefined;
	try {
		fd = openSync(path, "r");
		if (fstatSync(fd).size > largest)
			throw new AppError("invalid", `${path} is larger than a signature may be (${largest} bytes).`);
		return readFileSync(fd, "utf8");
	} catch (err) {
		if (err instanceof AppError) throw err;
		const reason = (err as NodeJS.ErrnoException).code ?? String(err);
		throw new AppError("invalid", `${path} cannot be read (${reason}).`, {
			hint: "Give the path of a signature's YAML file.",
			cause: err,
		});
	} finally {
		if (fd !== undefined) closeSync(fd);
	}
}

/** The last two parts of the path, which is what a signature must be called. */
function idOf(path: string): string {
	return resolve(path)
		.replace(/\.yaml$/, "")
		.split("/")
		.slice(-2)
		.join("/")
		.slice(0, 200);
}

function columns(colour: boolean): Column<Signature>[] {
	return [
		{ title: "QID", value: ({ qid }) => qid, align: "right" },
		{ title: "SEV", value: ({ severity }) => severity, styled: ({ severity }) => severityLabel(severity, colour) },
		{ title: "TYPE", value: ({ type }) => type },
		{ title: "SIGNATURE", value: ({ id }) => id, max: 50 },
		{ title: "TITLE", value: ({ title }) => title, max: 70 },
		{ title: "CVE", value: ({ cves }) => cves[0] ?? "-" },
	];
}

/** Prose in longer lines is hard to read. Columns. */
const widest = 100;

/** Lines of prose joined, so that they can be broken elsewhere; a line that starts with a blank stays a line. */
function unfold(text: string): string {
	return text
		.trimEnd()
		.split("\n")
		.reduce((all, line) => {
			const isProse = /^\S/.test(line) && /(^|\n)\S[^\n]*$/.test(all);
			return all === "" ? line : `${all}${isProse ? " " : "\n"}${line}`;
		}, "");
}

function describe(signature: Signature, width: number): string {
	const { id, qid, severity, type, cvss, cves, cwes, kind, requirements = [] } = signature;
	const facts = [
		id,
		`QID ${qid}`,
		`severity ${severity}`,
		type,
		...(cvss === null ? [] : [`CVSS ${cvss.score}`]),
		...cves,
		...cwes,
	];
	const sections: [string, string][] = [
		["What it is", unfold(signature.description)],
		["What to do", unfold(signature.solution)],
		[`What it looks for in ${kind} evidence`, signature.match],
		["Asked for by", requirements.map(({ standard, id }) => `${standard}, ${id}`).join("\n")],
		["Read on", signature.references.join("\n")],
	];
	return [
		...wrap(signature.title, width),
		...wrap(facts.join("  "), width),
		...sections
			.filter(([, text]) => text.trim() !== "")
			.flatMap(([title, text]) => ["", title, ...wrap(text.trimEnd(), width - 2).map((line) => `  ${line}`)]),
	].join("\n");
}
