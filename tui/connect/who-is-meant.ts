/** Whoever is named for a ticket should be somebody: a name that nobody here has is said before it is kept. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as access from "../../protocol/methods/access.ts";
import { harmless } from "../text/harmless.ts";

/** Raises `not-found` for a name that nobody here has; `insist` says how to keep it all the same. */
export async function refuseStrangers(client: Client, word: string | null, insist: string): Promise<void> {
	if (word === null || word.trim() === "") return;
	const { identity, near, known } = await client.call(access.findPerson, { word });
	if (identity !== null) return;
	const others = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Known are ${known.join(", ") || "nobody"}.`;
	throw new AppError("not-found", `Nobody here is called "${harmless(word.trim())}".`, {
		hint: harmless(`${others} ${insist}`),
	});
}

/** For a form that stays open: the same name once more is meant. */
export function strangersOnce(client: Client): (word: string | null) => Promise<void> {
	let told: string | null = null;
	return async (word) => {
		if (word === told) return;
		try {
			await refuseStrangers(client, word, "Enter once more to keep the name as it is, a team's for example.");
		} catch (err) {
			if (err instanceof AppError && err.code === "not-found") told = word;
			throw err;
		}
	};
}
