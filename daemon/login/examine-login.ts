/** `doctor HOST`: one login gone through step by step, by the very code a scan uses, as checks with their cures. */
import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import { sudoersFor } from "../collect/privileged.ts";
import { type Attempt, outcomeOf } from "./host-login.ts";

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
	const { method, obtained, why } = login.privileges;
	if (obtained) checks.push(check("privileges", "privileges", "ok", `Root's rights by ${method}.`));
	else if (plan.sudo.method === "none") {
		const found = "None are asked for: what only root may read stays unknown.";
		checks.push(check("privileges", "privileges", "warning", found, ["vedette credential edit NAME --sudo sudo"]));
	} else {
		const cure = ["Put the lines below into /etc/sudoers.d/vedette on the host."];
		checks.push(check("privileges", "privileges", "failed", `${plan.sudo.method}: ${why ?? "no reason told"}`, cure));
	}
	checks.push(...trackingChecks(attempt));
	for (const { kind, complete } of report.gathered) {
		if (report.late.includes(kind)) continue;
		const found = complete ? "whole" : "not whole: a command is missing there, or needs rights the login has not";
		checks.push(check(`collect-${kind}`, kind, complete ? "ok" : "warning", found));
	}
	for (const kind of report.absent)
		checks.push(check(`collect-${kind}`, kind, "ok", "there is nothing of this on the host"));
	for (const kind of report.late) {
		const found = "its commands did not end in their time; what came until then is kept, and what comes after it too";
		const cure = ["See on the host what they wait for: a network drive, a lock, a name server."];
		checks.push(check(`collect-${kind}`, kind, "failed", found, cure));
	}
	for (const kind of report.lost.filter((one) => !report.late.includes(one))) {
		const found = `nothing came${report.cut === null ? "" : `: the output ended (${report.cut})`}`;
		checks.push(check(`collect-${kind}`, kind, "failed", found, ["See what the host does while it is asked."]));
	}
	const took = `${report.seconds} s, ${Math.ceil(report.outputBytes / 1_024)} kB; one round trip after the login.`;
	return [...checks, check("time", "time", "ok", took)];
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

/** The lines of sudoers(5) that allow the login what collectors run as root, and nothing else. */
export function sudoersOf({ plan }: Attempt): string {
	return sudoersFor(plan.user);
}
