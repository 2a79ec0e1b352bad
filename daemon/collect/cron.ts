/** Jobs of cron and systemd timers. Passwords in command lines are masked before they are printed. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, linesOf, partsOf, unreadOf } from "./collector.ts";
import { maskFunction } from "./mask.ts";
import { filesOf } from "./sudoers.ts";

type Job = DataOf<"cron">["jobs"][number];

const mostJobs = 5_000;
const tables = "/etc/crontab /etc/cron.d /etc/anacrontab /etc/crontabs /var/spool/cron";

export const cron = defineCollector({
	kind: "cron",
	script: `
${maskFunction}
part jobs; $S grep -r . ${tables} | sed 's/^\\([^:]*\\):[[:space:]]*#.*/\\1:#/' | mask
part closed; unreadable /etc/crontab /etc/anacrontab /etc/cron.d /etc/cron.d/* /etc/crontabs /etc/crontabs/* /var/spool/cron /var/spool/cron/* /var/spool/cron/crontabs/* /var/spool/cron/tabs/*
part scripts; find /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /etc/periodic -maxdepth 2 -type f -perm -0100 | head -n 2000
if [ -d /run/systemd/system ]; then part timers; systemctl list-timers --all --no-legend --no-pager --plain; fi
part end; echo done
`,
	privileged: [`/usr/bin/grep -r . ${tables}`],
	mostBytes: 1 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const files = filesOf(parts.get("jobs"));
		const jobs = [...files].flatMap(([file, lines]) => lines.flatMap((line) => jobOf(file, line)));
		const timers = parts.get("timers");
		const data = {
			jobs: jobs.slice(0, mostJobs),
			scripts: linesOf(parts.get("scripts")).filter((path) => path.startsWith("/")),
			timers: timers === undefined ? null : linesOf(timers).flatMap(timerOf),
		};
		const closed = unreadOf(parts.get("closed"), files);
		const complete = !cut && parts.has("end") && closed === null && jobs.length <= mostJobs;
		return { data, complete, gap: closed ?? undefined };
	},
});

/** crontab(5): with a user in /etc/crontab and cron.d, of the file's own user elsewhere; anacron's have a period and a name. */
function jobOf(file: string, line: string): Job[] {
	const text = line.trim();
	if (text === "" || text.startsWith("#") || /^[A-Za-z_][A-Za-z0-9_]*\s*=/.test(text)) return [];
	if (file === "/etc/anacrontab") {
		const [, schedule = "", command = ""] = /^(\S+\s+\S+)\s+\S+\s+(.*)$/.exec(text) ?? [];
		return command === "" ? [] : [{ file, user: "root", schedule, command }];
	}
	const [, schedule = "", rest = ""] = /^(@\w+|(?:\S+\s+){4}\S+)\s+(.*)$/.exec(text) ?? [];
	if (rest === "" || !/^[@*0-9]/.test(schedule)) return [];
	const isSystem = file === "/etc/crontab" || file.startsWith("/etc/cron.d/");
	if (!isSystem) return [{ file, user: file.slice(file.lastIndexOf("/") + 1), schedule, command: rest }];
	const [, user = "", command = ""] = /^(\S+)\s+(.*)$/.exec(rest) ?? [];
	return command === "" ? [] : [{ file, user, schedule, command }];
}

/** The last two columns are the timer and what it starts. */
function timerOf(line: string): { name: string; activates: string }[] {
	const words = line.trim().split(/\s+/);
	const [name = "", activates = ""] = words.slice(-2);
	return name.endsWith(".timer") ? [{ name, activates }] : [];
}
