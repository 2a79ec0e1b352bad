/** `vedette audit`: who did what, and whether the log of it is still as it was written. */
import * as audit from "../../protocol/methods/audit.ts";
import type { AuditEntry } from "../../protocol/model/audit.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import { exportAudit, verifyAuditFile } from "./audit-file.ts";
import type { CommandFile } from "./command.ts";
import { exitCodes } from "./outcome.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";

export const auditCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("audit")
			.description("who did what and when; and whether anybody changed the log of it");
		command
			.command("list", { isDefault: true })
			.description("list the audit log, newest first")
			.argument("[query]", "filter, e.g. action:scan or who:unix and at>now-7d")
			.option("--json", "one JSON document")
			.option("--limit <n>", "rows at most", "50")
			.action((query: string | undefined, options: { json?: boolean; limit: string }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const page = await readPages<AuditEntry>(client, audit.list, {
						filter: query ?? "",
						limit: parseLimit(options.limit),
					});
					const empty = query ? "No entry matches that." : "Nothing has been done yet.";
					printList(ctx, page, { json: options.json, columns, empty });
				}),
			);
		command
			.command("verify [file]")
			.description("compute the chain of hashes again; exit code 1 when the log was changed. A FILE needs no daemon")
			.option("--key <fingerprint>", "who must have signed the file: SHA256:…, or a .pub file")
			.option("--json", "one JSON document")
			.action((file: string | undefined, options: { key?: string; json?: boolean }) =>
				run(async (ctx) => {
					if (file !== undefined) return verifyAuditFile(ctx, file, options);
					const client = await ctx.connect({ start: true });
					const verdict = await client.call(audit.verify, {});
					if (options.json === true) ctx.print(jsonText(verdict));
					else if (verdict.intact) {
						ctx.print(`${plural(verdict.entries, "entry is as it was", "entries are as they were")} written.`);
						ctx.print(`Newest hash: ${verdict.head}`);
						if (verdict.signed === "good") ctx.print(`Signed by ${verdict.key}, the key of this installation.`);
					} else for (const { text } of verdict.faults) ctx.print(harmless(text));
					if (!verdict.intact) ctx.exit(exitCodes.failed);
				}),
			);
		command
			.command("export <file>")
			.description("write the whole log into a file that can be checked anywhere; - for standard output")
			.option("--json", "one JSON document that says what was written")
			.action((file: string, options: { json?: boolean }) => run((ctx) => exportAudit(ctx, file, options.json)));
		command
			.command("key")
			.description("print the public key that the log is signed with, as a .pub file has it")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { publicKey, fingerprint } = await client.call(audit.head, {});
					if (options.json === true) return ctx.print(jsonText({ publicKey, fingerprint }));
					ctx.print(publicKey);
					ctx.stderr.write(`${fingerprint}\n`);
				}),
			);
	},
};

const columns: Column<AuditEntry>[] = [
	{ title: "N", value: (entry) => entry.n, align: "right" },
	{ title: "WHEN (UTC)", value: (entry) => entry.at.slice(0, 19).replace("T", " ") },
	{ title: "WHO", value: (entry) => personName(entry.who), max: 20 },
	{ title: "ACTION", value: (entry) => entry.action, max: 24 },
	{ title: "OBJECT", value: (entry) => entry.object, max: 40 },
	{ title: "WHAT", value: (entry) => whatOf(entry), max: 60 },
];

function whatOf({ before, after, reason }: AuditEntry): string | null {
	const change = [before, after].map((state) => (state === null ? "" : JSON.stringify(state)));
	const [was = "", is = ""] = change;
	const words = was === "" ? is : is === "" ? `was ${was}` : `${was} → ${is}`;
	return [reason, words].filter((part) => part !== null && part !== "").join("; ") || null;
}
