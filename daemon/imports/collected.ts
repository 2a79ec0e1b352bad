/**
 * The output of the collectors' script, run by hand on a host that nobody can log in to and carried over as a file: the same
 * evidence as by a login. Pure.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Collector } from "../collect/collector.ts";
import { partsOf } from "../collect/collector.ts";
import { collectors } from "../collect/index.ts";
import { readScriptOutput, scriptOf } from "../collect/script.ts";
import type { EvidenceRecord, Kind } from "../evidence/record.ts";

export interface CollectedHost {
	readonly records: readonly EvidenceRecord[];
	/** Kinds that were gathered completely. */
	readonly complete: readonly Kind[];
	/** When the script ran, by the host's clock but never after `now`. Milliseconds. */
	readonly observedAt: number;
}

/** Every collector's output and the noise of a terminal around it. Bytes. */
export const mostBytes = collectors.reduce((sum, one) => sum + one.mostBytes, 1 << 20);

/** The script to run on the host. `nonce`: 16 random bytes as hexadecimal. */
export function collectionScript(nonce: string): string {
	const head = [
		"#!/bin/sh",
		"# Gathers what this host is and what is installed on it, reading only, and prints that to standard output.",
		"# Run it as root to see everything, or as anybody:  sh collect.sh > this-host.txt",
		"# Carry the file back, then:  vedette import packages this-host.txt --host ADDRESS",
	];
	return `${head.join("\n")}\n${scriptOf(collectors, { asRoot: "", nonce })}`;
}

/** Throws `invalid`, in words for whoever carried the file, when it is not whole or something else. */
export function readCollected(output: string, address: string, now: number): CollectedHost {
	const text = `\n${output.includes("\r\n") ? output.replaceAll("\r\n", "\n") : output}\n`;
	const nonce = /\n([0-9a-f]{32}) begin [a-z]+\n/.exec(text)?.[1];
	if (nonce === undefined) {
		throw new AppError("invalid", "This is not the output of the collection script.", {
			hint: "Make the script with: vedette import script > collect.sh; run it on the host: sh collect.sh > host.txt",
		});
	}
	const { sections, finished } = readScriptOutput(text, collectors, nonce);
	const open = [...sections].find(([kind]) => !text.includes(`\n${nonce} end ${kind}\n`))?.[0];
	if (open !== undefined || !finished) {
		throw new AppError(
			"invalid",
			`The file ends before the script did${open === undefined ? "" : `, within ${open}`}.`,
			{
				hint: "Nothing was taken in. Let the script run to its end, and copy the whole file.",
			},
		);
	}
	const observedAt = Math.min(now, ranAt(sections.get("system")?.text ?? "") ?? now);
	const records: EvidenceRecord[] = [];
	for (const collector of collectors) {
		const section = sections.get(collector.kind);
		const record = section === undefined ? null : recordOf(collector, section, address, observedAt);
		if (record !== null) records.push(record);
	}
	const complete = records.filter((record) => record.complete).map(({ kind }) => kind);
	return { records, complete, observedAt };
}

function recordOf(
	{ kind, parse }: Collector,
	section: Parameters<Collector["parse"]>[0],
	address: string,
	observedAt: number,
): EvidenceRecord | null {
	const collected = parse(section);
	if (collected === null) return null;
	const { data, complete } = collected;
	// The kind and the data come from one collector: the pair is a record.
	return { kind, address, port: 0, protocol: "tcp", source: "import", complete, observedAt, data } as EvidenceRecord;
}

/** Milliseconds, as the host's `date` said; null when it said nothing of use. */
function ranAt(system: string): number | null {
	const seconds = Number(partsOf(system).get("now")?.trim());
	return Number.isSafeInteger(seconds) && seconds > 1_000_000_000 ? seconds * 1_000 : null;
}
