/** The SSH server's configuration: what it works out itself, or its files where that needs more than the login may do. */
import { defineCollector, type Gap, lineOf, linesOf, partsOf } from "./collector.ts";

const mostSettings = 500;
/** Where a `Match` needs somebody to match, as older ones do. */
const anybody = "-T -C user=root,host=localhost,addr=127.0.0.1";

export const sshd = defineCollector({
	kind: "sshd",
	script: `
d=$(command -v sshd || { [ -x /usr/sbin/sshd ] && echo /usr/sbin/sshd; })
if [ -n "$d" ]; then part effective; if ! { $S "$d" -T || $S "$d" ${anybody}; }; then
part files; cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config
part reason; $S "$d" -T 2>&1 >/dev/null | tail -n 1; fi; fi
`,
	privileged: ["/usr/sbin/sshd -T", `/usr/sbin/sshd ${anybody}`],
	mostBytes: 524_288,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const effective = readSettings(parts.get("effective"), true);
		if (effective.size > 0)
			return { data: { settings: Object.fromEntries(effective), effective: true }, complete: !cut };
		const files = readSettings(parts.get("files"), false);
		// Defaults are not in the files, so nothing is proved absent by them.
		return files.size === 0
			? null
			: { data: { settings: Object.fromEntries(files), effective: false }, complete: false, gap: gapOf(parts) };
	},
	unread({ text }) {
		const parts = partsOf(text);
		return parts.has("effective") ? gapOf(parts) : null;
	},
});

function gapOf(parts: ReadonlyMap<string, string>): Gap {
	const said = lineOf(parts.get("reason"))?.slice(0, 200);
	return { why: `sshd -T does not tell its settings${said === undefined ? "" : `: ${said}`}` };
}

/** sshd_config(5): the first value counts, but for what may stand several times. What is under `Match` is for some only. */
const repeated = new Set([
	"port",
	"listenaddress",
	"hostkey",
	"acceptenv",
	"allowusers",
	"denyusers",
	"allowgroups",
	"denygroups",
]);

function readSettings(output: string | undefined, effective: boolean): Map<string, string[]> {
	const settings = new Map<string, string[]>();
	for (const line of linesOf(output)) {
		const [, keyword = "", value = ""] = /^\s*([A-Za-z][A-Za-z0-9]*)(?:\s*=\s*|\s+)(.*\S)\s*$/.exec(line) ?? [];
		const name = keyword.toLowerCase();
		if (name === "" || settings.size >= mostSettings) continue;
		if (name === "match" && !effective) break;
		const values = settings.get(name);
		if (values === undefined) settings.set(name, [value]);
		else if (repeated.has(name) && values.length < mostSettings) values.push(value);
	}
	return settings;
}
