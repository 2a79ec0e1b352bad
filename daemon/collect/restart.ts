/** Updates that are installed and not in force: the distribution's own word on reboots, and services with files that are gone. */
import { defineCollector, lineOf, linesOf, partsOf } from "./collector.ts";

const mostNames = 2_000;

export const restart = defineCollector({
	kind: "restart",
	script: `
part marker; if [ -f /run/reboot-required ] || [ -f /var/run/reboot-required ]; then echo yes
elif command -v needs-restarting >/dev/null; then needs-restarting -r >/dev/null; case $? in 0) echo no;; 1) echo yes;; esac
elif command -v zypper >/dev/null; then zypper -q needs-rebooting >/dev/null; case $? in 0) echo no;; 102) echo yes;; esac
elif [ -d /etc/apt ]; then echo no; fi
part reasons; cat /run/reboot-required.pkgs /var/run/reboot-required.pkgs | sort -u
part deleted; for one in /proc/[0-9]*; do $S grep -lE ' /(usr/)?(lib|bin|sbin)[^ ]* \\(deleted\\)$' "$one/maps"; done
part names; for one in /proc/[0-9]*; do read -r name <"$one/comm" && printf '%s %s\\n' "\${one#/proc/}" "$name"; done
part end; echo done
`,
	privileged: [],
	mostBytes: 1 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const marker = lineOf(parts.get("marker"));
		const names = new Map(
			linesOf(parts.get("names")).map(
				(line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)] as const,
			),
		);
		const services = linesOf(parts.get("deleted")).flatMap((line) => names.get(line.split("/")[2] ?? "") ?? []);
		const whole = !cut && lineOf(parts.get("end")) === "done";
		const data = {
			rebootRequired: marker === null ? null : marker === "yes",
			reasons: linesOf(parts.get("reasons")).slice(0, mostNames),
			services: whole ? [...new Set(services)].sort().slice(0, mostNames) : null,
		};
		return { data, complete: whole && data.rebootRequired !== null };
	},
});
