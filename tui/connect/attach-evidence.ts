/** Hands a file over as evidence, in parts; what is no plain file or too large is refused before it is read. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import { attach } from "../../protocol/methods/exceptions.ts";
import { exceptionLimits } from "../../protocol/model/exception.ts";

export interface EvidenceFile {
	readonly name: string;
	readonly content: Buffer;
}

/** Throws `invalid`, `too-large`, `not-found`. */
export async function readEvidenceFile(path: string): Promise<EvidenceFile> {
	// A FIFO that nobody writes to would be waited for.
	const file = await open(resolve(path), constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
		throw new AppError("not-found", `The file ${path} cannot be read.`, {
			hint: "Name a file this user may read.",
			cause,
		});
	});
	try {
		const stat = await file.stat();
		if (!stat.isFile()) throw new AppError("invalid", `${path} is no file.`, { hint: "Name a plain file." });
		if (stat.size > exceptionLimits.evidenceBytes)
			throw new AppError("too-large", `${path} has ${stat.size} bytes; a piece of evidence has 1 MiB at most.`, {
				hint: "Attach the part that matters: an excerpt of the log, a picture in less detail.",
			});
		const content = Buffer.alloc(stat.size);
		const { bytesRead } = await file.read(content, 0, stat.size, 0);
		return { name: basename(path), content: content.subarray(0, bytesRead) };
	} finally {
		await file.close();
	}
}

/** Returns the name it is kept under. */
export async function attachEvidence(client: Client, id: number, { name, content }: EvidenceFile): Promise<string> {
	let evidence: number | undefined;
	let kept = name;
	for (let from = 0; ; from += exceptionLimits.evidencePart) {
		const part = content.subarray(from, from + exceptionLimits.evidencePart);
		const last = from + part.length >= content.length;
		const piece = { id, name: name.slice(-1_000), bytes: content.length, content: part.toString("base64"), last };
		const stored = await client.call(attach, { ...piece, ...(evidence === undefined ? {} : { evidence }) });
		evidence = stored.evidence;
		kept = stored.name;
		if (last) return kept;
	}
}
