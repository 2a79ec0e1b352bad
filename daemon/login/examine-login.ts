/** `doctor HOST`: one login gone through step by step, by the very code a scan uses, as checks with their cures. */
import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import { type DropIn, dropInFor } from "../collect/privileged.ts";
import type { DataOf, Kind } from "../evidence/record.ts";
import { type Attempt, outcomeOf } from "./host-login.ts";
import { quoted } from "./task-script.ts";

/** In the order of the way. Pure. */
export function checksOf(attempt: Attempt): DoctorCheck[] {
	const { plan, report, request, failure } = attempt;
	const checks: DoctorCheck[] = [check("credential", "credential", "ok", `${plan.name}, as ${plan.user}. ${plan.why}`)];
	for (const [i, { host, port, user, method, key }] of (report?.passed ?? []).entries()) {
		const title = i < (request?.jumps.length ?? 0) ? `jump host ${i + 1}` : "login";
		const found = `${host} port ${port}: the key ${key.type} ${key.fingerprint} is known; ${user} was let in by ${method}.`;
		checks.push(check(`hop-${i}`, title, "ok", found));
	}
	if (failure !== null || report === null) {
		const { stage = "login", reason = "It ended before it told anything.", hint = "Try again." } = failure ?? {};
		return [...checks, check(stage, stage, "failed", reason, [hint])];
	}
	const { login } = outcomeOf(attempt, report.seconds);
	const noise = report.noiseBytes;
	const talk = `Commands run in sh${noise > 0 ? `; its start-up prints ${noise} bytes, which are left out` : ""}.`;
	checks.push(check("shell", "shell", "ok", talk));
	checks.push(privilegesCheck(attempt, login.privileges));
	checks.push(...trackingChecks(attempt));
	for (const { kind, complete } of report.gathered) {
		if (report.late.includes(kind)) continue;
		checks.push(
			complete ? check(`collect-${kind}`, kind, "ok", "whole") : notWhole(attempt, kind, login.privileges.obtained),
		);
	}
	for (const kind of report.absent)
		checks.push(check(`collect-${kind}`, kind, "ok", "there is nothing of this on the host"));
	for (const kind of report.late) {
		const found = "its commands did not end in their time; what came until then is kept, and what comes after it too";
		const cure = ["See on the host what they wait for: a network drive, a lock, a name server."];
		checks.push(check(`collect-${kind}`, kind, "failed", found, cure));
	}
	for (const kind of report.lost.filter((one) => !report.late.includes(one))) {
		if (report.gaps[kind] !== undefined) {
			checks.push(notWhole(attempt, kind, login.privileges.obtained));
			continue;
		}
		const found = `nothing came${report.cut === null ? "" : `: the output ended (${report.cut})`}`;
		checks.push(check(`collect-${kind}`, kind, "failed", found, ["See what the host does while it is asked."]));
	}
	const took = `${report.seconds} s, ${Math.ceil(report.outputBytes / 1_024)} kB; one round trip after the login.`;
	return [...checks, check("time", "time", "ok", took)];
}

function privilegesCheck(
	{ plan, report }: Attempt,
	{ method, obtained, why }: DataOf<"login">["privileges"],
): DoctorCheck {
	const told = (state: DoctorCheck["state"], found: string, cure?: string[]) =>
		check("privileges", "privileges", state, found, cure);
	if (obtained) return told("ok", method === "root" ? "The login is root's own." : `Root's rights by ${method}.`);
	const tools = report?.tools ?? {};
	const way = wayThere(tools);
	const edit = `vedette credential edit ${quotedIfNeeded(plan.name)}`;
	const other =
		way === null ? "Install sudo or doas there." : `${edit} --sudo ${way}${way === "su" ? " --sudo-password own" : ""}`;
	if (plan.sudo.method === "none")
		return told("warning", "None are asked for: what only root may read stays unknown.", [other]);
	const found =
		why?.startsWith(`${plan.sudo.method}: `) === true ? why : `${plan.sudo.method}: ${why ?? "no reason told"}`;
	if (!Object.hasOwn(tools, plan.sudo.method) && Object.keys(tools).length > 0) return told("failed", found, [other]);
	if (plan.sudo.method === "su") {
		const cure = plan.leastPrivilege
			? [`${edit} --least-privilege no`]
			: [
					`${edit} --sudo-password own`,
					"It is root's own password, and the account may have to be in the group wheel.",
				];
		return told("failed", found, cure);
	}
	const cure = [`Put the lines below into ${dropInFor(plan.sudo.method, plan.user).file} on the host.`];
	if (!plan.leastPrivilege) cure.push(`${edit} --least-privilege yes, as they allow single commands and no shell.`);
	return told("failed", found, cure);
}

/** How one could become root there, the least demanding first; null: not at all, or nobody knows. */
function wayThere(tools: Readonly<Record<string, string>>): "sudo" | "doas" | "su" | null {
	if (Object.keys(tools).length === 0) return "sudo";
	return (["sudo", "doas", "su"] as const).find((one) => Object.hasOwn(tools, one)) ?? null;
}

function notWhole({ plan, report }: Attempt, kind: Kind, obtained: boolean): DoctorCheck {
	const gap = report?.gaps[kind];
	const found =
		gap === undefined ? "not whole: a command is missing there, or failed" : `not known or not whole: ${gap.why}`;
	const cure: string[] = [];
	if (gap?.root === true && !obtained) cure.push("Root's rights would tell, see above.");
	else if (gap?.root === true && plan.leastPrivilege)
		cure.push(
			"Compare what is allowed there with the lines below.",
			`What is not among them takes a shell as root: vedette credential edit ${quotedIfNeeded(plan.name)} --least-privilege no`,
		);
	return check(`collect-${kind}`, kind, "warning", found, cure);
}

function quotedIfNeeded(name: string): string {
	return /^[\w.@-]+$/.test(name) ? name : quoted(name);
}

/** What a scan would find or write; nothing is written here. */
function trackingChecks({ plan, report }: Attempt): DoctorCheck[] {
	const tracking = report?.tracking ?? null;
	if (!plan.tracking || tracking === null) return [];
	const { state, id, place, why } = tracking;
	if (state === "failed") return [check("tracking", "host id", "failed", why ?? "It cannot be read.")];
	const found = id === null ? "None yet: a scan writes one." : `${id}, in ${place}.`;
	return [check("tracking", "host id", "ok", found)];
}

function check(
	id: string,
	title: string,
	state: DoctorCheck["state"],
	found: string,
	cure: string[] = [],
): DoctorCheck {
	return { id, title, state, found, cure };
}

/** What allows the login to run as root what collectors run so, and nothing else; null where that is not how it becomes root. */
export function dropInOf({ plan, report }: Attempt): DropIn | null {
	const tools = report?.tools ?? {};
	if (report?.standing?.method === "root") return null;
	const way = plan.sudo.method === "none" ? wayThere(tools) : plan.sudo.method;
	return way === null || way === "su" ? null : dropInFor(way, plan.user, tools);
}
