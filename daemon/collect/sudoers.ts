/** Rules of sudo and doas. Comments stay on the host; aliases are replaced. */
import { defineCollector, linesOf, partsOf } from "./collector.ts";
import { readDoas } from "./doas-rules.ts";
import { readSudo } from "./sudo-rules.ts";

const mostRules = 5_000;
const longestLine = 4_096;

export const sudoers = defineCollector({
	kind: "sudoers",
	script: `
if [ -e /etc/sudoers ] || [ -e /usr/etc/sudoers ]; then
part sudo; $S grep -r . /etc/sudoers /etc/sudoers.d /usr/etc/sudoers /usr/etc/sudoers.d | sed '/^[^:]*:[[:space:]]*#[^i0-9]/d'; fi
if [ -e /etc/doas.conf ] || [ -d /etc/doas.d ]; then
part doas; $S grep -r . /etc/doas.conf /etc/doas.d | sed '/^[^:]*:[[:space:]]*#/d'; fi
part end; echo done
`,
	privileged: [
		"/usr/bin/grep -r . /etc/sudoers /etc/sudoers.d /usr/etc/sudoers /usr/etc/sudoers.d",
		"/usr/bin/grep -r . /etc/doas.conf /etc/doas.d",
	],
	mostBytes: 1 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const [sudo, doas] = [parts.get("sudo"), parts.get("doas")];
		if (sudo === undefined && doas === undefined) return null;
		const fromSudo = readSudo(filesOf(sudo));
		const fromDoas = readDoas(filesOf(doas));
		const rules = [...fromSudo.rules, ...fromDoas];
		const read = (sudo === undefined || linesOf(sudo).length > 0) && (doas === undefined || linesOf(doas).length > 0);
		const whole = read && fromSudo.whole && rules.length <= mostRules;
		if (rules.length === 0 && fromSudo.defaults.length === 0 && !read) return null;
		const data = { rules: rules.slice(0, mostRules), defaults: fromSudo.defaults.slice(0, mostRules), whole };
		return { data, complete: !cut && whole && parts.has("end") };
	},
});

/** What `grep -r .` prints, by file in its order. */
export function filesOf(output: string | undefined): Map<string, string[]> {
	const files = new Map<string, string[]>();
	for (const line of linesOf(output)) {
		const [, path = "", content = ""] = /^(\/[^:]*):(.*)$/.exec(line.slice(0, longestLine)) ?? [];
		if (path === "") continue;
		const lines = files.get(path);
		if (lines === undefined) files.set(path, [content]);
		else lines.push(content);
	}
	return files;
}
