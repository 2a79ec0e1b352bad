/** Password and lockout rules: login.defs, PAM's stacks and their configuration files, the idle limit of shells. */
import { defineCollector, linesOf, partsOf } from "./collector.ts";
import { lockoutOf, nullokOf, qualityOf, readPam, rememberedOf } from "./pam-rules.ts";

const stacks =
	"common-auth common-account common-password system-auth password-auth login sshd passwd su base-auth base-password base-account";

export const logins = defineCollector({
	kind: "logins",
	script: `
part defs; if [ -f /etc/login.defs ]; then grep -vE '^[[:space:]]*(#|$)' /etc/login.defs; else grep -vE '^[[:space:]]*(#|$)' /usr/etc/login.defs; fi
if [ -d /etc/pam.d ] || [ -d /usr/lib/pam.d ]; then part pam
for one in ${stacks}; do for dir in /etc/pam.d /usr/etc/pam.d /usr/lib/pam.d; do [ -f "$dir/$one" ] || continue
echo "@ $one"; sed -e :a -e '/\\\\$/N;s/\\\\\\n/ /;ta' "$dir/$one" | grep -vE '^[[:space:]]*(#|$)'; break; done; done; fi
part quality; cat /etc/security/pwquality.conf /etc/security/pwquality.conf.d/*.conf | grep -vE '^[[:space:]]*(#|$)'
part faillock; grep -vE '^[[:space:]]*(#|$)' /etc/security/faillock.conf
part history; grep -vE '^[[:space:]]*(#|$)' /etc/security/pwhistory.conf
part timeout; grep -hE '^[^#]*TMOUT=[0-9]+' /etc/profile /etc/profile.d/*.sh /etc/bashrc /etc/bash.bashrc
part useradd; grep -E '^INACTIVE=' /etc/default/useradd
part end; echo done
`,
	privileged: [],
	mostBytes: 524_288,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const defaults: Record<string, string> = {};
		for (const line of linesOf(parts.get("defs")).slice(0, 500)) {
			const [, name = "", rest = ""] = /^\s*([A-Z][A-Z0-9_]*)[\s=](.*)$/.exec(line) ?? [];
			const value = rest.trim().replace(/^=/, "").trim().replaceAll('"', "").slice(0, 1_000);
			if (name !== "") defaults[name] = value;
		}
		const pam = parts.has("pam") ? readPam(linesOf(parts.get("pam"))) : null;
		if (pam === null && Object.keys(defaults).length === 0) return null;
		const data = {
			...{ defaults, pam },
			quality: qualityOf(pam ?? [], optionsOf(parts.get("quality"))),
			remembered: rememberedOf(pam ?? [], optionsOf(parts.get("history"))),
			lockout: lockoutOf(pam ?? [], optionsOf(parts.get("faillock"))),
			nullok: pam === null ? null : nullokOf(pam),
			idleSeconds: numberIn(parts.get("timeout"), /TMOUT=(\d{1,9})/g),
			inactiveDays: numberIn(parts.get("useradd"), /^INACTIVE=(\d{1,9})/gm),
		};
		return { data, complete: !cut && parts.has("end") };
	},
});

/** `name = value` and bare names, as PAM's own files have them. */
function optionsOf(text: string | undefined): Map<string, string> {
	const options = new Map<string, string>();
	for (const line of linesOf(text)) {
		const [, name = "", value = ""] = /^\s*([a-z_]+)\s*(?:=\s*(\S+))?/.exec(line) ?? [];
		if (name !== "") options.set(name, value);
	}
	return options;
}

/** The last one counts, as a later file has the last word. */
function numberIn(text: string | undefined, pattern: RegExp): number | null {
	const found = [...(text ?? "").matchAll(pattern)].at(-1)?.[1];
	return found === undefined ? null : Number(found);
}
