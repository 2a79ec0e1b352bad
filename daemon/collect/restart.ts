/**
 * Updates that are installed and not in force: the distribution's own word on reboots, else whether what needs one was
 * replaced since the last; and services with files that are gone.
 */
import { defineCollector, type Gap, lineOf, linesOf, partsOf } from "./collector.ts";
import { processNames, readNames } from "./processes.ts";

const mostNames = 2_000;

/** What is in use until the next boot, whatever else is restarted. */
const untilBoot =
	"kernel kernel-core kernel-rt kernel-rt-core kernel-default kernel-uek glibc systemd linux-firmware dbus dbus-daemon dbus-broker";

export const restart = defineCollector({
	kind: "restart",
	// dpkg writes a package's list of files when it installs and when it removes it; apk leaves the modules of one version of a
	// kernel. What has no kernel of its own, a container, is not rebooted.
	script: `
read -r up rest </proc/uptime; up=\${up%%.*}; kernels=$(ls /lib/modules)
part marker; if [ -f /run/reboot-required ] || [ -f /var/run/reboot-required ]; then echo yes
elif command -v needs-restarting >/dev/null; then needs-restarting -r >/dev/null; case $? in 0) echo no;; 1) echo yes;; esac
elif command -v zypper >/dev/null; then zypper -q needs-rebooting >/dev/null; case $? in 0) echo no;; 102) echo yes;; esac
elif [ -n "$up" ] && [ -d /var/lib/dpkg/info ]; then echo since; find /var/lib/dpkg/info -name 'linux-image-*.list' -mmin -$((up / 60)) | sed 's/.*\\///;s/\\.list$//' | while read -r name; do [ -e "/boot/vmlinuz-\${name#linux-image-}" ] && echo "$name"; done
elif [ -f /lib/apk/db/installed ]; then echo since; [ -d "/lib/modules/$(uname -r)" ] || echo "$kernels"
elif [ -n "$up" ] && rpm -q glibc >/dev/null; then echo since; [ -z "$kernels" ] || rpm -q --qf '%{INSTALLTIME} %{NAME}\\n' ${untilBoot} | awk -v boot=$(($(date +%s) - up)) '$1 ~ /^[0-9]+$/ && boot < $1 { print $2 }'; fi
part reasons; cat /run/reboot-required.pkgs /var/run/reboot-required.pkgs | sort -u
part deleted; for one in /proc/[0-9]*; do grep -lE ' /(usr/)?(lib|bin|sbin)[^ ]* \\(deleted\\)$' "$one/maps"; [ $? -le 1 ] || { [ -d "$one" ] && echo closed; }; done
part names; ${processNames}
part end; echo done
`,
	privileged: [],
	mostBytes: 1 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const [marker, ...since] = linesOf(parts.get("marker"));
		const rebootRequired = marker === "since" ? since.length > 0 : marker === undefined ? null : marker === "yes";
		const names = readNames(parts.get("names"));
		const running = linesOf(parts.get("deleted"));
		const services = running.flatMap((line) => names.get(line.split("/")[2] ?? "") ?? []);
		const whole = !cut && lineOf(parts.get("end")) === "done";
		const seesAll = !running.includes("closed");
		const data = {
			rebootRequired,
			reasons: [...since, ...linesOf(parts.get("reasons"))].slice(0, mostNames),
			services: whole && (seesAll || services.length > 0) ? [...new Set(services)].sort().slice(0, mostNames) : null,
		};
		const complete = whole && seesAll && rebootRequired !== null;
		return { data, complete, gap: complete ? undefined : gapOf(rebootRequired, seesAll) };
	},
});

function gapOf(rebootRequired: boolean | null, seesAll: boolean): Gap | undefined {
	if (!seesAll) return { why: "only root may see which files the processes of others use", root: true };
	return rebootRequired === null ? { why: "nothing there says whether a reboot is needed" } : undefined;
}
