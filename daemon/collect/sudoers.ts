/** Rules of sudo and doas. Comments stay on the host; aliases are replaced. */
import { defineCollector, type Gap, linesOf, partsOf, unreadOf } from "./collector.ts";
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
part doas; $S grep -r . /etc/doas.conf /etc/doas.d | sed 's/^\\([^:]*\\):[[:space:]]*#.*/\\1:#/'; fi
part closed; unreadable /etc/sudoers /etc/sudoers.d /etc/sudoers.d/* /usr/etc/sudoers /usr/etc/sudoers.d /usr/etc/sudoers.d/* /etc/doas.conf /etc/doas.d /etc/doas.d/*
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
		const files = { sudo: filesOf(sudo), doas: filesOf(doas) };
		const [fromSudo, fromDoas] = [readSudo(files.sudo), readDoas(files.doas)];
		const rules = [...fromSudo.rules, ...fromDoas];
		const closed = closedOf(parts, files);
		if (rules.length === 0 && fromSudo.defaults.length === 0 && closed !== null) return null;
		const whole = closed === null && fromSudo.whole && rules.length <= mostRules;
		const data = { rules: rules.slice(0, mostRules), defaults: fromSudo.defaults.slice(0, mostRules), whole };
		const included = fromSudo.whole ? undefined : { why: "sudoers includes files from elsewhere" };
		return { data, complete: !cut && whole && parts.has("end"), gap: closed ?? included };
	},
	unread({ text }) {
		const parts = partsOf(text);
		return closedOf(parts, { sudo: filesOf(parts.get("sudo")), doas: filesOf(parts.get("doas")) });
	},
});

/** What is there and nothing came of; null: all was read. */
function closedOf(
	parts: ReadonlyMap<string, string>,
	files: Readonly<Record<"sudo" | "doas", ReadonlyMap<string, unknown>>>,
): Gap | null {
	const silent = (["sudo", "doas"] as const).filter((tool) => parts.has(tool) && files[tool].size === 0);
	const closed = unreadOf(parts.get("closed"), new Map([...files.sudo, ...files.doas]));
	return (
		closed ??
		(silent.length === 0 ? null : { why: `the rules of ${silent.join(" and ")} could not be read`, root: true })
	);
}

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
