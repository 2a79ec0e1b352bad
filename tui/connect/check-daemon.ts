/** Checks on the daemon as its client sees it: does one run, and is it the same program? */

import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import type { DaemonStatus } from "../../protocol/model/overview.ts";

/** `status`: null when no daemon runs. */
export function checkDaemon(status: Pick<DaemonStatus, "version" | "pid"> | null, ownVersion: string): DoctorCheck {
	const base = { id: "daemon", title: "Daemon" };
	if (status === null) {
		return {
			...base,
			state: "warning",
			found: "None runs on this home; everything below is seen from this command, with its own rights.",
			cure: ["vedette daemon start"],
		};
	}
	if (status.version !== ownVersion) {
		return {
			...base,
			state: "warning",
			found: `It is version ${status.version} (pid ${status.pid}), and this command is ${ownVersion}.`,
			cure: ["vedette daemon stop && vedette daemon start    (running scans carry on)"],
		};
	}
	return {
		...base,
		state: "ok",
		found: `Version ${status.version}, pid ${status.pid}, the same as this command.`,
		cure: [],
	};
}

/** A daemon that talks, and will not talk to this command. */
export function refusedByDaemon(message: string, hint: string | undefined): DoctorCheck {
	const cure = [
		hint ?? "vedette daemon stop && vedette daemon start",
		"End it by its pid when it cannot be told to stop.",
	];
	return { id: "daemon", title: "Daemon", state: "failed", found: message, cure };
}
