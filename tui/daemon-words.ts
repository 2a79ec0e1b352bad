/** The words of `vedette daemon` where they are nothing but options, read without the command line: a daemon carries none of its code. */
import type { Listener } from "../protocol/model/operator.ts";
import { listenerOf } from "./commands/listen-options.ts";

export interface DaemonWords {
	readonly background: boolean;
	/** Where to listen on the network, whatever the settings say; null: as they say. */
	readonly listener: Listener | null;
}

const withValue = ["--listen", "--cert", "--key"] as const;

/** Null for anything else: help, a subcommand, a mistake. Those the command line knows best. */
export function readDaemonWords(words: readonly string[]): DaemonWords | null {
	const said: Partial<Record<string, string>> = {};
	const flags = new Set<string>();
	for (let at = 0; at < words.length; at++) {
		const word = words[at] ?? "";
		const value = words[at + 1];
		if (word === "--background" || word === "--tls") flags.add(word);
		else if (withValue.some((name) => name === word) && value !== undefined && !value.startsWith("-")) {
			said[word] = value;
			at++;
		} else return null;
	}
	const { "--listen": listen, "--cert": cert, "--key": key } = said;
	const background = flags.has("--background");
	if (listen === undefined) return flags.has("--tls") || cert || key ? null : { background, listener: null };
	const files = { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
	return { background, listener: listenerOf(listen, { tls: flags.has("--tls"), ...files }) };
}
