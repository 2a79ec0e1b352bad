/** Kernel parameters that matter for security, read where the kernel shows them. */
import { defineCollector, linesOf, partsOf } from "./collector.ts";

const perInterface = [
	"accept_redirects",
	"secure_redirects",
	"send_redirects",
	"accept_source_route",
	"rp_filter",
	"log_martians",
];

const keys = [
	"net/ipv4/ip_forward",
	...["all", "default"].flatMap((one) => perInterface.map((key) => `net/ipv4/conf/${one}/${key}`)),
	...["tcp_syncookies", "icmp_echo_ignore_broadcasts", "icmp_ignore_bogus_error_responses"].map(
		(key) => `net/ipv4/${key}`,
	),
	...["all", "default"].flatMap((one) =>
		["accept_redirects", "accept_source_route", "accept_ra", "forwarding"].map((key) => `net/ipv6/conf/${one}/${key}`),
	),
	...["randomize_va_space", "kptr_restrict", "dmesg_restrict", "sysrq", "unprivileged_bpf_disabled"],
	...["perf_event_paranoid", "kexec_load_disabled", "core_pattern", "yama/ptrace_scope", "modules_disabled"],
	...["unprivileged_userns_clone"],
	...["suid_dumpable", "protected_hardlinks", "protected_symlinks", "protected_fifos", "protected_regular"].map(
		(key) => `fs/${key}`,
	),
	"crypto/fips_enabled",
].map((key) => (key.includes("/") && !key.startsWith("yama") ? key : `kernel/${key}`));

export const sysctl = defineCollector({
	kind: "sysctl",
	script: `
part settings; cd /proc/sys && grep -s . ${keys.join(" ")}
part end; echo done
`,
	privileged: [],
	mostBytes: 65_536,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const settings: Record<string, string> = {};
		for (const line of linesOf(parts.get("settings"))) {
			const [, path = "", value = ""] = /^([a-z0-9_/]{1,100}):(.{0,1000})$/.exec(line) ?? [];
			if (keys.includes(path)) settings[path.replaceAll("/", ".")] = value.trim();
		}
		return Object.keys(settings).length === 0 ? null : { data: { settings }, complete: !cut && parts.has("end") };
	},
});
