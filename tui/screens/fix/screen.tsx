/** What would mend findings: upgrades as commands, what to restart, what has no update. Copied as a script, or written to a file. */
import { resolve } from "node:path";
import type { HostRemedy } from "../../../protocol/model/remedy.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { openVerify } from "../../components/remedy/verify.ts";
import { PrivateFile } from "../../connect/private-file.ts";
import { readRemedy } from "../../connect/remedy-pages.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { Surface } from "../../terminal/surface.tsx";
import { count } from "../../text/format.ts";
import { remedyLines, remedyScript, sumsOf } from "../../text/remedy-words.ts";
import { handle, type Screen } from "../view.ts";

/** Hosts that are told of; the command line tells of more. */
const mostHosts = 500;

export const fix: Screen<"fix"> = {
	id: "fix",
	title: "Fix",
	open(route, context) {
		const { filter, ids, what } = route;
		const chosen = { filter, what, ...(ids === undefined ? {} : { ids }) };
		const reader = createReader(
			context,
			() => readRemedy(context.client, chosen, mostHosts),
			({ hosts, assets }) => describe(hosts, assets),
		);
		const hosts = () => reader.value()?.hosts ?? [];
		const disabled = () =>
			hosts().some(({ commands }) => commands.length > 0) ? undefined : "There is no upgrade that would mend them.";
		return {
			route,
			scopes: ["fix", "reader", "searching"],
			handlers: {
				...reader.handlers,
				...handle<"fix">({
					write: {
						run: () =>
							context.open({
								to: "form",
								form: {
									title: "Write the commands as a script",
									verb: "writes the file",
									fields: [
										{
											name: "path",
											label: "File",
											value: "vedette-fix.sh",
											hint: "where this console runs; sh FILE on each host",
										},
									],
									async submit({ path: typed = "" }) {
										const file = await PrivateFile.create(resolve(typed.trim()));
										await file.write(remedyScript(hosts()));
										await file.keep({ replace: false });
										context.toast("good", `The commands are in ${file.path}: run it with sh on each host.`);
										return undefined;
									},
								},
							}),
						disabled,
					},
					verify: { run: () => openVerify(context, chosen) },
				}),
			},
			rows: reader.rows,
			crumbs: () => ({ path: ["Fix", what] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) => drawFrame(width, height, { title: "Fix", focused: true, content: reader.draw })}
				/>
			),
			copy: () =>
				disabled() === undefined ? { what: "the commands", text: remedyScript(hosts()) } : reader.copy("the text"),
			close: reader.close,
		};
	},
};

function describe(hosts: readonly HostRemedy[], assets: number): Block[] {
	if (hosts.length === 0)
		return [{ kind: "text", text: "There is nothing to mend: no such finding is open.", token: "muted" }];
	const left = assets - hosts.length;
	const { upgrades } = sumsOf(hosts);
	return [
		...remedyLines(hosts).map((text): Block => {
			if (text === "") return { kind: "gap" };
			if (text.startsWith("  # ")) return { kind: "text", text: text.slice(4), indent: 2, token: "accent" };
			const indent = /^ */.exec(text)?.[0].length ?? 0;
			if (indent > 0) return { kind: "text", text: text.trimStart(), indent, token: "muted" };
			return { kind: "text", text, token: "strong" };
		}),
		...(left > 0
			? [{ kind: "text", text: `${count(left)} more hosts: vedette fix --limit ${assets}`, token: "warning" } as const]
			: []),
		...(upgrades > 0
			? [
					{ kind: "gap" } as const,
					{
						kind: "text",
						text: `${keyOf("everywhere", "copy")} copies the commands as a script, ${keyOf("fix", "write")} writes them to a file, ${keyOf("fix", "verify")} tests again.`,
						token: "faint",
					} as const,
				]
			: []),
	];
}
