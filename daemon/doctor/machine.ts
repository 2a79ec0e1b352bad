/** Checks on the machine around the daemon: clock, time zone, Node, name servers. Reads settings only, asks nobody. */
import { getServers } from "node:dns";
import { existsSync } from "node:fs";
import type { DoctorCheck } from "../../protocol/model/doctor.ts";

/** No copy of this program is older. */
const earliest = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;

/** `newest`: the latest moment anything of this home speaks of, Unix milliseconds; a clock before it is wrong. */
export function checkClock(
	now: number,
	newest: number | null,
	synchronised: boolean = existsSync("/run/systemd/timesync/synchronized"),
): DoctorCheck {
	const base = { id: "clock", title: "Clock" };
	const shown = new Date(now).toISOString().slice(0, 19).replace("T", " ");
	const cure = ["Set the clock, best by a time service: sudo timedatectl set-ntp true"];
	if (now < earliest)
		return { ...base, state: "failed", found: `${shown} UTC lies before this program was made.`, cure };
	if (newest !== null && newest > now + dayMs) {
		const ahead = new Date(newest).toISOString().slice(0, 19).replace("T", " ");
		const found = `${shown} UTC, yet this home knows of something at ${ahead}: the clock was ahead then or is behind now.`;
		return { ...base, state: "warning", found, cure };
	}
	return { ...base, state: "ok", found: `${shown} UTC${synchronised ? ", kept by systemd-timesyncd" : ""}.`, cure: [] };
}

export function checkTimeZone(env: NodeJS.ProcessEnv, now: number): DoctorCheck {
	const base = { id: "time-zone", title: "Time zone" };
	const asked = (env.TZ ?? "").replace(/^:/, "");
	try {
		if (asked !== "" && !asked.startsWith("/")) new Intl.DateTimeFormat("en", { timeZone: asked });
	} catch {
		const found = `TZ is "${asked}", which is no time zone known here; times are taken as UTC.`;
		return { ...base, state: "warning", found, cure: ["Set TZ to a name such as Europe/Berlin, or take it away."] };
	}
	const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
	const minutes = -new Date(now).getTimezoneOffset();
	const sign = minutes < 0 ? "-" : "+";
	const two = (part: number) => String(Math.floor(part)).padStart(2, "0");
	const offset = `${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
	return { ...base, state: "ok", found: `${zone} (UTC${offset}); times are shown in UTC.`, cure: [] };
}

const neededMajor = 24;

export function checkNode(version: string = process.versions.node): DoctorCheck {
	const base = { id: "node", title: "Node" };
	const isEnough = Number(version.split(".")[0]) >= neededMajor;
	const found = `${version} on ${process.platform} ${process.arch}.`;
	if (isEnough) return { ...base, state: "ok", found, cure: [] };
	const cure = ["Run npm ci in Vedette's folder: it brings along a Node that is new enough."];
	return { ...base, state: "failed", found: `${found} ${neededMajor} or newer is needed.`, cure };
}

/** Who would be asked for names. */
export function checkNameServers(servers: readonly string[] = getServers()): DoctorCheck {
	const base = { id: "name-servers", title: "Name servers" };
	if (servers.length > 0) {
		return { ...base, state: "ok", found: `${servers.join(", ")} (as this machine has them; not asked).`, cure: [] };
	}
	return {
		...base,
		state: "warning",
		found: "None is set: targets given by name cannot be resolved.",
		cure: ["Name one in /etc/resolv.conf: nameserver ADDRESS"],
	};
}
