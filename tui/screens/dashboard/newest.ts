/** The findings that were first seen last, kept current for the dashboard: asked for again when the daemon tells of changes. */
import { list, watch } from "../../../protocol/methods/findings.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import type { ScreenContext } from "../view.ts";

const keptFindings = 40;

export interface Newest {
	/** Undefined until the daemon has answered. */
	findings(): readonly Finding[] | undefined;
	close(): void;
}

export function watchNewest(context: ScreenContext): Newest {
	let findings: readonly Finding[] | undefined;
	/** One question at a time; what changes meanwhile is asked for after it. */
	let isAsking = false;
	let isDirty = false;
	let closed = false;

	async function ask(): Promise<void> {
		isDirty = isAsking;
		if (isAsking || closed) return;
		isAsking = true;
		try {
			findings = (await context.client.call(list, { sort: "-firstFound", limit: keptFindings })).items;
		} catch {
			// The status line tells of a lost connection; what was known stays.
		}
		isAsking = false;
		context.changed();
		if (isDirty) void ask();
	}

	const subscription = context.client.subscribe(watch, {}, { onSnapshot: () => void ask(), onEvent: () => void ask() });
	subscription.ready.catch(() => undefined);
	return {
		findings: () => findings,
		close() {
			closed = true;
			subscription.close();
		},
	};
}
