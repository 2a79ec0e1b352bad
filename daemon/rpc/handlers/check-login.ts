/** `credentials.check`: one login to one host, where packets may go at all. */
import { AppError } from "../../../protocol/errors.ts";
import { readLoginTarget } from "../../credentials/match.ts";
import { checksOf, sudoersOf } from "../../login/examine-login.ts";
import { AddressSet } from "../../scope/address-set.ts";
import { Scope } from "../../scope/scope.ts";
import type { Services } from "../services.ts";

export async function checkLogin(
	{ store, logins, hostLogins, planning }: Services,
	target: string,
	credential: string | null,
	signal: AbortSignal,
) {
	const { address: literal, hostname } = readLoginTarget(target);
	const found = hostname === null ? [] : await Promise.resolve(planning.resolve(hostname)).catch(() => []);
	const address = literal ?? found[0];
	if (address === undefined) {
		throw new AppError("unavailable", `The name ${target} has no address.`, { hint: "Check its spelling." });
	}
	const scope = new Scope(AddressSet.fromText([[address, address]]), await planning.globalExclusions());
	if (!scope.mayProbe(address)) {
		throw new AppError("out-of-scope", `${address} is excluded: nothing is sent there.`, {
			hint: "See by what: vedette exclude list",
		});
	}
	const [first] = logins.findLogins(address, hostname);
	const plan = credential === null ? first : logins.findLogin(credential);
	if (plan == null) {
		throw new AppError("not-found", `No credential is for ${target}.`, {
			hint: "See why with: vedette credential match HOST; store one with: vedette credential add",
		});
	}
	const attempt = await hostLogins.attempt(plan, {
		address,
		hostname,
		isOpen: () => null,
		guard: scope.guard(),
		signal,
	});
	if (attempt === null) throw new AppError("cancelled", "The login was ended.");
	const checkedAt = new Date(store.clock.now()).toISOString();
	return { address, checkedAt, checks: checksOf(attempt), sudoers: sudoersOf(attempt) };
}
