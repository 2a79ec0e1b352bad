/** Whose key an SSH key is to be: a user of this machine, somebody without an account whom a token stands for, or a token. */
import { AppError } from "../../protocol/errors.ts";
import { personPattern } from "../../protocol/model/person.ts";
import type { SettingsData } from "../store/settings.ts";
import { getToken } from "../store/settings-operators.ts";
import { findUnixName, namePattern } from "./unix-names.ts";

export interface Signer {
	/** The identity that decides. */
	readonly operator: string;
	readonly name: string;
}

/** A user whatever access they have, a person while a token stands for them; a name alone is the user, else the person. Throws `not-found`. */
export async function findSigner(who: string, data: SettingsData): Promise<Signer> {
	const said = who.trim();
	if (said.startsWith("token:")) {
		const { name, owner } = getToken(data, said.slice("token:".length));
		return { operator: owner ?? `token:${name}`, name };
	}
	const [word, isPerson] = [said.replace(/^(unix|person):/, ""), said.startsWith("person:")];
	const user = !isPerson && namePattern.test(word) ? await findUnixName("unix", word) : null;
	if (user !== null) return { operator: `unix:${user.id}`, name: user.name };
	const person = `person:${word.toLowerCase()}`;
	const isKnown = data.operators.tokens.some(({ owner, revoked }) => owner === person && revoked === null);
	if (isKnown && !said.startsWith("unix:") && personPattern.test(person))
		return { operator: person, name: word.toLowerCase() };
	if (isPerson) {
		throw new AppError("not-found", `No token stands for ${said}, who could sign with it.`, {
			hint: `Make one first: vedette access token create NAME --for person:${word}`,
		});
	}
	throw new AppError("not-found", `This machine knows no user "${word}".`, {
		hint: `See whether it does with: getent passwd ${word}`,
	});
}
