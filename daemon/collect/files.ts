/** Owners and permissions of the files policies ask for, and what in system directories anybody may write to. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, endedInTime, linesOf, partsOf } from "./collector.ts";

type File = DataOf<"files">["files"][number];

const mostFound = 500;
const mostFiles = 5_000;

const asked = [
	"/etc/passwd /etc/passwd- /etc/group /etc/group- /etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/security/opasswd",
	"/etc/sudoers /etc/sudoers.d /etc/doas.conf /etc/pam.d /etc/pam.conf /etc/login.defs /etc/profile /etc/environment /etc/hosts.equiv",
	"/etc/ssh /etc/ssh/sshd_config /etc/ssh/sshd_config.d /etc/ssh/ssh_host_*_key /etc/ssl/private /etc/pki/tls/private",
	"/etc/crontab /etc/crontabs /etc/cron.* /etc/anacrontab /etc/at.allow /etc/at.deny /etc/systemd/system",
	"/var/spool/cron /var/spool/cron/crontabs /etc/fstab /etc/ld.so.preload /etc/ld.so.conf /etc/sysctl.conf /etc/rc.local",
	"/boot/grub/grub.cfg /boot/grub2/grub.cfg /etc/docker /etc/docker/daemon.json /var/run/docker.sock /run/containerd/containerd.sock",
	"/etc/audit /etc/audit/auditd.conf /etc/kubernetes /etc/kubernetes/admin.conf /var/lib/kubelet/config.yaml",
	"/ /root /root/.ssh /root/.ssh/authorized_keys /root/.rhosts /root/.netrc /tmp /var/tmp /dev/shm",
	"/var/log /var/log/audit /var/log/*.log /var/log/audit/*.log /var/log/secure /var/log/messages /var/log/syslog /var/log/btmp /var/log/wtmp",
].join(" ");

/** In directories that are root's alone. A fixed list, so that it can stand in sudoers(5). */
const rootsOwn =
	"/root /root/.ssh /root/.ssh/authorized_keys /root/.rhosts /root/.shosts /root/.netrc /root/.profile /root/.bashrc /var/log/audit /var/log/audit/audit.log /var/spool/cron /var/spool/cron/crontabs";

const systemFolders = "/etc /usr /opt /bin /sbin /lib /lib64 /boot /root";
const hiddenInHome = ".ssh .ssh/authorized_keys .rhosts .shosts .netrc .pgpass .my.cnf .forward .profile .bashrc";

export const files = defineCollector({
	kind: "files",
	script: `
part files; own=$($S ls -ldLn ${rootsOwn}); echo "$own"; ls -ldLn ${asked}
while IFS=: read -r name mark uid gid full home shell; do case $home in /|/bin|/dev|/usr/*|/etc/*|/proc|/nonexistent|/sys) continue;; /*) ;; *) continue;; esac
[ -d "$home" ] && echo "$home"; done </etc/passwd | sort -u | head -n 300 | while read -r home; do ls -ldLn "$home"; [ -x "$home" ] || [ "$home" = /root ] || echo "hidden $home"
for one in ${hiddenInHome}; do [ -e "$home/$one" ] && ls -ldLn "$home/$one"; done; done
if [ -n "$S" ] && [ -n "$own" ]; then fixed="/var/log /etc/ssh /etc/audit"; else fixed="/root /var/log /var/log/audit /var/spool/cron /etc/ssh /etc/audit"; fi
for one in $fixed; do [ -d "$one" ] && [ ! -x "$one" ] && echo "hidden $one"; done
part found; { within 60 find ${systemFolders} -xdev -maxdepth 6 ! -type l \\( -perm -0002 -o -type f -perm -4000 -o -type f -perm -2000 \\) -exec ls -ldn {} +; echo "ended $?"; } | head -n ${mostFound * 2 + 1}
part end; echo done
`,
	privileged: [`/usr/bin/ls -ldLn ${rootsOwn}`],
	mostBytes: 1 << 20,
	mostSeconds: 75,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const listed = linesOf(parts.get("files"));
		const found = new Map(listed.flatMap((line) => fileOf(line).map((file) => [file.path, file])));
		if (found.size === 0) return null;
		const whole = !cut && parts.has("end");
		const lines = linesOf(parts.get("found"));
		const seenAll = whole && endedInTime(lines);
		const below = lines.flatMap(fileOf);
		const pick = (wanted: (file: File) => boolean) =>
			seenAll
				? below
						.filter(wanted)
						.map(({ path }) => path)
						.sort()
						.slice(0, mostFound)
				: null;
		const data = {
			files: [...found.values()].slice(0, mostFiles),
			hidden: [...new Set(listed.flatMap((line) => /^hidden (\/.{0,4000})$/.exec(line)?.[1] ?? []))].slice(
				0,
				mostFound,
			),
			worldWritable: pick(({ othersWrite, sticky, type }) => othersWrite && !sticky && type !== "other"),
			setId: pick(({ mode, type }) => type === "file" && /^[2-7]/.test(mode)),
		};
		return { data, complete: seenAll && found.size <= mostFiles };
	},
});

/** `-rw-r----- 1 0 42 1234 Jan  1 00:00 /etc/shadow`, as every `ls -ldn` writes it. */
function fileOf(line: string): File[] {
	const [, kind = "", rights = "", uid, gid, path = ""] =
		/^([a-z-])([rwxsStT-]{9})[.+@]?\s+\d+\s+(\d{1,10})\s+(\d{1,10})\s[^/]{1,60}(\/.{0,4000})$/.exec(line) ?? [];
	if (path === "") return [];
	const mode = octal(rights);
	const type = kind === "-" ? "file" : kind === "d" ? "directory" : "other";
	const others = Number(mode[3]);
	return [
		{
			...{ path, type, mode, uid: Number(uid), gid: Number(gid) },
			othersRead: (others & 4) !== 0,
			othersWrite: (others & 2) !== 0,
			groupWrite: (Number(mode[2]) & 2) !== 0,
			sticky: /[tT]$/.test(rights),
		},
	];
}

/** `rwxr-sr-x` as `2755`. */
function octal(rights: string): string {
	const digits = [0, 3, 6].map((at) => {
		const [read, write, run] = rights.slice(at, at + 3);
		return (read === "r" ? 4 : 0) + (write === "w" ? 2 : 0) + (run !== undefined && "xst".includes(run) ? 1 : 0);
	});
	const special = [2, 5, 8].reduce((sum, at, i) => sum + (/[sStT]/.test(rights[at] ?? "") ? 4 >> i : 0), 0);
	return `${special}${digits.join("")}`;
}
