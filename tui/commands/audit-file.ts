/** `vedette audit export` and `vedette audit verify FILE`: the log as a file that proves itself without a daemon. */
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AuditFileCheck, type AuditFileVerdict, auditLine, longestAuditLine } from "../../protocol/audit/file.ts";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as audit from "../../protocol/methods/audit.ts";
import type { SignedAuditHead } from "../../protocol/model/audit.ts";
import { parsePublicKeyLine } from "../../protocol/ssh/public-key.ts";
import { readKeyText } from "../components/credential/key-text.ts";
import { plural } from "../text/format.ts";
import type { CommandContext } from "./command.ts";
import { exitCodes } from "./outcome.ts";
import { jsonText } from "./print.ts";

const pageSize = 1_000;

/** Writes the log up to its newest entry; `-` is standard output. A file that is there is left alone. */
export async function exportAudit(ctx: CommandContext, file: string, json: boolean | undefined): Promise<void> {
	const client = await ctx.connect({ start: true });
	const head = await client.call(audit.head, {});
	if (head.signature === null) {
		throw new AppError("conflict", "Nothing in the log is signed yet.", {
			hint: "It is with the next thing that is done here, whatever that is.",
		});
	}
	const lines = Readable.from(linesOf(client, head, head.signature));
	if (file === "-") {
		for await (const line of lines) ctx.stdout.write(line);
		return;
	}
	try {
		await pipeline(lines, createWriteStream(file, { flags: "wx", mode: 0o600 }));
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		if (code === undefined || cause instanceof AppError) throw cause;
		const words = code === "EEXIST" ? "is there already" : `cannot be written (${code})`;
		throw new AppError("invalid", `${file} ${words}.`, { hint: "Name another file." });
	}
	const { n: entries, fingerprint: key } = head;
	if (json === true) return ctx.print(jsonText({ file, entries, head: head.hash, key }));
	ctx.print(`${plural(entries, "entry", "entries")} in ${file}, signed by ${key}.`);
	ctx.print(`Check it anywhere: vedette audit verify ${file} --key ${key}`);
}

async function* linesOf(client: Client, head: SignedAuditHead, signature: string): AsyncGenerator<string> {
	yield `${auditLine.first(head.publicKey)}\n`;
	for (let done = 0; done < head.n; ) {
		const filter = `n>${done} and n<=${head.n}`;
		const { items } = await client.call(audit.list, { filter, sort: "n", limit: pageSize });
		const last = items.at(-1);
		if (last === undefined) {
			throw new AppError("conflict", `The log ends after entry ${done}; it has ${head.n}.`, {
				hint: "See what is wrong with it: vedette audit verify",
			});
		}
		yield items.map((entry) => `${auditLine.entry(entry)}\n`).join("");
		done = last.n;
	}
	yield `${auditLine.last(head, signature)}\n`;
}

/** Without a daemon. `key`: fingerprint, or a `.pub` file, of who must have signed; undefined: whoever has. */
export async function verifyAuditFile(
	ctx: CommandContext,
	file: string,
	options: { key?: string; json?: boolean },
): Promise<void> {
	const verdict = await checkFile(file);
	const wanted = options.key === undefined ? null : fingerprintIn(options.key);
	const isOther = wanted !== null && verdict.fault === null && verdict.fingerprint !== wanted;
	const fault = isOther ? `It is signed by ${verdict.fingerprint}, not by ${wanted}.` : verdict.fault;
	if (fault !== null) ctx.exit(exitCodes.failed);
	if (options.json === true) return ctx.print(jsonText({ ...verdict, fault, intact: fault === null }));
	if (fault !== null) return ctx.print(fault);
	ctx.print(`${plural(verdict.entries, "entry is as it was", "entries are as they were")} written and signed.`);
	ctx.print(
		wanted === null
			? `Signed by ${verdict.fingerprint}. Whose key that is says the daemon itself: vedette audit key`
			: `Signed by ${verdict.fingerprint}, as it should be.`,
	);
	for (const [key, n] of Object.entries(verdict.decisions))
		ctx.print(`${plural(n, "decision is", "decisions are")} signed by ${key}, and the signatures hold.`);
}

async function checkFile(file: string): Promise<AuditFileVerdict> {
	const check = new AuditFileCheck();
	let rest: Buffer = Buffer.alloc(0);
	try {
		for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
			let bytes: Buffer = Buffer.concat([rest, chunk as Buffer]);
			for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
				check.push(bytes.subarray(0, end));
				bytes = bytes.subarray(end + 1);
			}
			rest = bytes;
			if (rest.length > longestAuditLine) break;
		}
	} catch (cause) {
		throw new AppError("invalid", `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"}).`, {
			hint: "Name a file that vedette audit export has written.",
			cause,
		});
	}
	// The last line too ends with a line feed; what is left over is no line.
	if (rest.length > 0) check.push(rest);
	const verdict = check.verdict();
	return rest.length > 0 && verdict.fault === null
		? { ...verdict, fault: "The file does not end as it was written." }
		: verdict;
}

function fingerprintIn(key: string): string {
	if (key.startsWith("SHA256:")) return key;
	const found = parsePublicKeyLine(readKeyText(key));
	if (found !== null) return found.fingerprint;
	throw new AppError("invalid", `${key} holds no SSH public key.`, {
		hint: "Give the fingerprint itself, SHA256:…, or the file that vedette audit key > FILE has written.",
	});
}
