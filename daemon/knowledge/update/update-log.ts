/** What is remembered of updates from one start of the daemon to the next: the last one, and when each feed was seen to be fresh. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { type UpdateReport, updateReport } from "../../../protocol/model/knowledge-update.ts";
import { timestamp } from "../../../protocol/model/timestamp.ts";

const kept = z.object({
	last: updateReport.nullable(),
	/** By the feed's name: what it said when it was last compared with its source. */
	checked: z.record(z.string(), z.object({ digest: z.string(), at: timestamp })),
});
type Kept = z.infer<typeof kept>;

export class UpdateLog {
	readonly #path: string;
	#kept: Kept;

	constructor(path: string) {
		this.#path = path;
		this.#kept = read(path);
	}

	get last(): UpdateReport | null {
		return this.#kept.last;
	}

	/** When the source was last seen to say just this, in ISO 8601; null: never. */
	checkedAt(feed: string, digest: string): string | null {
		const known = this.#kept.checked[feed];
		return known?.digest === digest ? known.at : null;
	}

	/** `fresh`: the digest of each feed that its source was found to say. Throws when it cannot be written down. */
	note(last: UpdateReport, fresh: Readonly<Record<string, string>>): void {
		const now = Object.entries(fresh).map(([feed, digest]) => [feed, { digest, at: last.finishedAt }]);
		this.#keep({ last, checked: { ...this.#kept.checked, ...Object.fromEntries(now) } });
	}

	/** What others have seen: those who made a bundle. Throws as `note` does. */
	noteChecked(checked: Readonly<Record<string, { readonly digest: string; readonly at: string }>>): void {
		this.#keep({ ...this.#kept, checked: { ...this.#kept.checked, ...checked } });
	}

	#keep(kept: Kept): void {
		this.#kept = kept;
		const next = `${this.#path}.next`;
		writeFileSync(next, JSON.stringify(this.#kept), { mode: 0o600 });
		renameSync(next, this.#path);
	}
}

/** Nothing but the ages of feeds hangs on it: what cannot be read is as if it were not there. */
function read(path: string): Kept {
	try {
		if (existsSync(path)) return kept.parse(JSON.parse(readFileSync(path, "utf8")));
	} catch {
		// Not whole, or of another version.
	}
	return { last: null, checked: {} };
}
