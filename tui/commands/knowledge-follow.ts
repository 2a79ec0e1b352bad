/** How far an import or an update is, told on a terminal while it runs. */
import type { Client } from "../../protocol/client.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import type { UpdateProgress } from "../../protocol/model/knowledge-update.ts";
import { truncate } from "../text/fit.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { runningText } from "../text/update-words.ts";
import type { CommandContext } from "./command.ts";

/** How often it is asked. */
const followEveryMs = 500;

/** Returns how to end that. */
export function follow(ctx: CommandContext, client: Client): () => void {
	return repeat(ctx, async () => {
		const { importing } = await client.call(knowledge.feeds, {});
		return importing === null ? null : `${plural(importing.records, "record")} so far`;
	});
}

/** The same for an update; `onProgress` gets what is known each time. */
export function followUpdate(ctx: CommandContext, client: Client): () => void {
	return repeat(ctx, async () => {
		const { running } = await client.call(knowledge.updates, {});
		return running === null ? null : progressText(running);
	});
}

function progressText(running: UpdateProgress): string {
	const done = running.steps.filter(
		({ state }) => !["waiting", "downloading", "downloaded", "importing"].includes(state),
	);
	return `${done.length}/${running.steps.length} ${runningText(running)}`;
}

/** Tells on a terminal what `ask` answers, again and again; null leaves what is there. Returns how to end that. */
export function repeat({ stderr }: CommandContext, ask: () => Promise<string | null>): () => void {
	if (!stderr.isTTY) return () => {};
	let ended = false;
	const timer = setInterval(() => {
		ask().then(
			(text) => {
				if (text !== null && !ended) stderr.write(`\r\x1b[K${truncate(harmless(text), (stderr.columns ?? 80) - 1)}`);
			},
			() => {},
		);
	}, followEveryMs);
	return () => {
		ended = true;
		clearInterval(timer);
		stderr.write("\r\x1b[K");
	};
}
