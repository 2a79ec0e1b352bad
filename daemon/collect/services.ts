/** Services of systemd, OpenRC or System V init, and the names of what runs. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, type Gap, linesOf, partsOf } from "./collector.ts";

type Service = DataOf<"services">["services"][number];
type Manager = NonNullable<DataOf<"services">["manager"]>;

const mostServices = 5_000;

export const services = defineCollector({
	kind: "services",
	script: `
if [ -d /run/systemd/system ]; then part systemd-files; systemctl list-unit-files --type=service,socket --no-legend --no-pager
part systemd-units; systemctl list-units --type=service,socket --all --no-legend --no-pager --plain
elif command -v rc-status >/dev/null; then part openrc-enabled; rc-update show; part openrc-active; rc-status --servicelist
elif [ -d /etc/init.d ]; then part sysv-enabled; ls /etc/rc3.d /etc/rc2.d /etc/rcS.d; part sysv-names; ls /etc/init.d; fi
part processes; for one in /proc/[0-9]*; do read -r name <"$one/comm" && echo "$name"; done | sort -u
part hidden; grep -E '^[^ ]+ /proc proc [^ ]*hidepid=([12]|invisible|noaccess)' /proc/self/mounts && id -u
part end; echo done
`,
	privileged: [],
	mostBytes: 1 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const whole = !cut && parts.has("end");
		const { manager, found } = managed(parts);
		// The kernel's own threads (kworker/0:1) come and go and are nobody's service.
		const names = linesOf(parts.get("processes")).filter((name) => !name.includes("/"));
		const hidden = linesOf(parts.get("hidden"));
		const seesAll = hidden.length === 0 || hidden.at(-1) === "0";
		if (manager === null && names.length === 0) return null;
		const data = {
			manager,
			services: [...found.values()].slice(0, mostServices),
			processes: whole && seesAll && names.length > 0 ? [...new Set(names)].sort().slice(0, mostServices) : null,
		};
		const complete = whole && manager !== null && found.size > 0 && data.processes !== null;
		return { data, complete, gap: complete ? undefined : gapOf(manager, found.size, seesAll) };
	},
});

function gapOf(manager: Manager | null, found: number, seesAll: boolean): Gap | undefined {
	if (manager === null) return { why: "neither systemd nor OpenRC nor /etc/init.d is there" };
	if (found === 0) return { why: `${manager} names no services` };
	return seesAll ? undefined : { why: "the processes of others are hidden (hidepid)", root: true };
}

function managed(parts: ReadonlyMap<string, string>): { manager: Manager | null; found: Map<string, Service> } {
	const found = new Map<string, Service>();
	const note = (name: string, told: Partial<Service>) => {
		const service = found.get(name) ?? { name, enabled: null, active: null };
		if (name !== "") found.set(name, { ...service, ...told });
	};
	if (parts.has("systemd-files")) {
		for (const line of linesOf(parts.get("systemd-files"))) {
			const [unit = "", state = ""] = line.trim().split(/\s+/);
			if (unit.includes("."))
				note(nameOf(unit), { enabled: /^(enabled|enabled-runtime|alias)$/.test(state), active: false });
		}
		for (const line of linesOf(parts.get("systemd-units"))) {
			const [unit = "", , active = ""] = line
				.replace(/^\W+\s/, "")
				.trim()
				.split(/\s+/);
			if (unit.includes(".")) note(nameOf(unit), { active: active === "active" });
		}
		return { manager: "systemd", found };
	}
	if (parts.has("openrc-enabled")) {
		for (const line of linesOf(parts.get("openrc-enabled"))) {
			const [, name = "", levels = ""] = /^\s*(\S+)\s*\|\s*(.*)$/.exec(line) ?? [];
			note(name, { enabled: levels.trim() !== "" });
		}
		for (const line of linesOf(parts.get("openrc-active"))) {
			const [, name = "", state = ""] = /^\s*(\S+)\s*\[\s*(\w+)/.exec(line) ?? [];
			note(name, { active: state === "started" });
		}
		return { manager: "openrc", found };
	}
	if (!parts.has("sysv-names")) return { manager: null, found };
	for (const name of linesOf(parts.get("sysv-names"))) if (name !== "README") note(name, { enabled: false });
	for (const line of linesOf(parts.get("sysv-enabled"))) {
		const [, name = ""] = /^S\d\d(\S+)$/.exec(line) ?? [];
		if (found.has(name)) note(name, { enabled: true });
	}
	return { manager: "sysv", found };
}

function nameOf(unit: string): string {
	return unit.endsWith(".service") ? unit.slice(0, -".service".length) : unit;
}
