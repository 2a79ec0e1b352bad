/** doas.conf(5) as rules. Pure. */
import type { DataOf } from "../evidence/record.ts";

type Rule = DataOf<"sudoers">["rules"][number];

const mostRules = 5_000;

/** `permit|deny [nopass …] identity [as target] [cmd command [args …]]`; what is denied gives no rule. */
export function readDoas(files: ReadonlyMap<string, readonly string[]>): Rule[] {
	return [...files].flatMap(([file, lines]) => lines.flatMap((line) => ruleOf(file, line))).slice(0, mostRules);
}

function ruleOf(file: string, line: string): Rule[] {
	const text = line.replace(/#.*$/, "").replace(/setenv\s*\{[^}]*\}/, "");
	const [verb, ...words] = text.trim().split(/\s+/).slice(0, 200);
	if (verb !== "permit") return [];
	const options = new Set(["nopass", "nolog", "persist", "keepenv"]);
	let at = 0;
	while (options.has(words[at] ?? "")) at++;
	const who = words[at];
	if (who === undefined) return [];
	const rest = words.slice(at + 1);
	const [as, command] = [rest.indexOf("as"), rest.indexOf("cmd")];
	return [
		{
			...{ tool: "doas", file, hosts: ["ALL"], who: [who.startsWith(":") ? `%${who.slice(1)}` : who] },
			runas: [as >= 0 && (command < 0 || as < command) ? (rest[as + 1] ?? "ALL") : "ALL"],
			noPassword: words.slice(0, at).includes("nopass"),
			commands: [
				command < 0
					? "ALL"
					: rest
							.slice(command + 1)
							.filter((word) => word !== "args")
							.join(" ") || "ALL",
			],
		},
	];
}
