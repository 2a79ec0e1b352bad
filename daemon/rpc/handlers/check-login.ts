/** `credentials.check` and others that log in to one host by themselves, where packets may go at all. */
import { AppError } from "../../../protocol/errors.ts";
import type { LoginPlan } from "../../credentials/login-plan.ts";
import { readLoginTarget } from "../../credentials/match.ts";
import { checksOf, dropInOf } from "../../login/examine-login.ts";
import type { Attempt } from "../../login/host-login.ts";
import type { LoginRequest } from "../../login/login-request.ts";
import { AddressSet } from "../../scope/address-set.ts";
import { Scope } from "../../scope/scope.ts";
import type { Services } from "../services.ts";

/** What a login by hand needs of the daemon. */
export type LoginServices = Pick<Services, "logins" | "hostLogins" | "planning" | "takeTurn">;

export async function checkLogin(services: Services, target: string, credential: string | null, signal: AbortSignal) {
	const { address, attempt } = await loginTo(services, target, credential, signal, (plan) =>
		plan.tracking ? "read" : "no",
	);
	const checkedAt = new Date(services.store.clock.now()).toISOString();
	return { address, checkedAt, checks: checksOf(attempt), dropIn: dropInOf(attempt) };
}

/** One login with one credential. Throws `out-of-scope`, `not-found` and `cancelled`. */
export async function loginTo(
	{ logins, hostLogins, planning, takeTurn }: LoginServices,
	target: string,
	credential: string | null,
	signal: AbortSignal,
	tracking: (plan: LoginPlan) => LoginRequest["tracking"],
): Promise<{ address: string; attempt: Attempt }> {
	const { address: literal, hostname } = readLoginTarget(target);
	const found = hostname === null ? [] : await Promise.resolve(planning.resolve(hostname)).catch(() => []);
	const address = literal ?? found[0];
	if (address === undefined) {
		throw new AppError("unavailable", `The name ${target} has no address.`, { hint: "Check its spelling." });
	}
	const scope = await scopeAt(planning, address);
	const [first] = logins.findLogins(address, hostname);
	const plan = credential === null ? first : logins.findLogin(credential);
	if (plan == null) {
		throw new AppError("not-found", `No credential is for ${target}.`, {
			hint: "See why with: vedette credential match HOST; store one with: vedette credential add",
		});
	}
	const turn = (one: string) => takeTurn(one, signal);
	const task = { address, hostname, isOpen: () => null, guard: scope.guard(), takeTurn: turn, signal };
	const attempt = await hostLogins.attempt(plan, task, tracking(plan));
	if (attempt === null) throw new AppError("cancelled", "The login was ended.");
	return { address, attempt };
}

/** One address as a scope. Throws `out-of-scope` when it is excluded. */
export async function scopeAt(planning: Services["planning"], address: string): Promise<Scope> {
	const scope = new Scope(AddressSet.fromText([[address, address]]), await planning.globalExclusions());
	if (scope.mayProbe(address)) return scope;
	throw new AppError("out-of-scope", `${address} is excluded: nothing is sent there.`, {
		hint: "See by what: vedette exclude list",
	});
}
