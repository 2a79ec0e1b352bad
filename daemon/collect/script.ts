/** All collectors as one POSIX sh script, run in one round trip, and its output taken apart again. */
import type { Kind } from "../evidence/record.ts";
import { type CollectedOutput, type Collector, partFunction, unreadableFunction, withinFunction } from "./collector.ts";
import { usualSeconds, watchFunction, withinSeconds } from "./time-limit.ts";

export interface ScriptOptions {
	/** Words before a command that needs root, such as `sudo -n`; empty when there is no way to it or no need. */
	readonly asRoot: string;
	/** 16 random bytes as hexadecimal: what frames the output, so that a login's noise is told from it. */
	readonly nonce: string;
}

/**
 * Each collector runs in a subshell of its own, and has its time: what it breaks is its own. Output before the first frame (a login's
 * greeting) and between frames belongs to nobody.
 */
export function scriptOf(collectors: readonly Collector[], { asRoot, nonce }: ScriptOptions): string {
	const sections = collectors.map(({ kind, script, mostBytes, mostSeconds = usualSeconds }) =>
		[
			`printf '\\n%s begin %s\\n' "$N" ${kind}`,
			withinSeconds(`( ${script.trim()}\n) </dev/null 2>/dev/null | head -c ${mostBytes + 1}`, mostSeconds),
			`printf '\\n%s %s %s\\n' "$N" $e ${kind}`,
		].join("\n"),
	);
	return [
		"LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin; export PATH; unset POSIXLY_CORRECT",
		`N=${nonce}; S='${asRoot.replaceAll("'", "'\\''")}'`,
		partFunction,
		withinFunction,
		unreadableFunction,
		watchFunction,
		...sections,
		`printf '\\n%s over\\n' "$N"`,
		"",
	].join("\n");
}

export interface ScriptOutput {
	/** By kind; a collector whose frame never began is not there. */
	readonly sections: ReadonlyMap<Kind, CollectedOutput>;
	/** Those that were ended because their time was up. */
	readonly late: readonly Kind[];
	/** The script ran to its end. */
	readonly finished: boolean;
}

/** Pure; takes any text. A section whose end never came is `cut`. */
export function readScriptOutput(output: string, collectors: readonly Collector[], nonce: string): ScriptOutput {
	const sections = new Map<Kind, CollectedOutput>();
	const late: Kind[] = [];
	for (const { kind, mostBytes } of collectors) {
		const begin = `\n${nonce} begin ${kind}\n`;
		const from = output.indexOf(begin);
		if (from < 0) continue;
		const ended = output.indexOf(`\n${nonce} end ${kind}\n`, from);
		const given = ended < 0 ? output.indexOf(`\n${nonce} late ${kind}\n`, from) : -1;
		const to = Math.max(ended, given);
		if (given >= 0) late.push(kind);
		const text = output.slice(from + begin.length, to < 0 ? undefined : to);
		sections.set(kind, { text, cut: ended < 0 || Buffer.byteLength(text) > mostBytes });
	}
	return { sections, late, finished: output.includes(`\n${nonce} over\n`) };
}
